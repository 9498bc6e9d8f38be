// The page of `diff --format html`: before and after stand side by side where there is room, one above the other where not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { compareSites, complaints, openBrowser } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

const family = (words, title) => `---
title: Backend
roles:
  - {id: mid, title: Engineer with a long title, grade: 6}
  - {id: senior, title: ${title}, grade: 7, extends: mid}
specialties:
  - {id: geo, title: Geo}
---

## Requirements

- **Writing.** ${words} This is a sentence that goes on for so long that it does not fit on one line of half a page.
`;

test("before and after stand side by side, and nothing sticks out", async () => {
  const path = "content/engineering/a-family-with-a-long-name.md";
  const address = compareSites({ [path]: family("Writes clearly.", "Senior") }, { [path]: family("Writes briefly.", "Chief") });
  for (const [width, together] of [[1280, true], [1920, true], [400, false]]) {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    const heard = complaints(page);
    await page.goto(address);
    const [one, other] = await Promise.all([0, 1].map((n) => page.locator(".sides").first().locator("> div").nth(n).boundingBox()));
    assert.equal(one.y === other.y, together, `${width}: ${JSON.stringify([one, other])}`);
    if (together) assert.ok(one.width > 400 && other.width > 400, `${width}: ${one.width}, ${other.width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}: it sticks out`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), []);
    assert.deepEqual(heard, []);
    await context.close();
  }
});
