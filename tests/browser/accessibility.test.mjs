// axe finds nothing serious on a page of each kind, in light and in dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { kinds, onDisk, openBrowser } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

const told = ({ id, impact, help, nodes }) => `${impact}: ${help} (${id}): ${nodes.map((n) => n.html.slice(0, 100)).slice(0, 3).join(" | ")}`;

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`no serious fault on pages in ${colorScheme}, ${width} pixels wide`, async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const faults = [];
      for (const [kind, file] of Object.entries(kinds)) {
        await page.goto(onDisk(file));
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
        faults.push(...serious.map((v) => `${kind}: ${told(v)}`));
      }
      assert.deepEqual(faults, []);
      await context.close();
    });
  }
}
