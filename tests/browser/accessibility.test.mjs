// axe finds nothing at all on a page of each kind: in light and in dark, on a phone and on a wide screen, opened up and on paper.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { kinds, onDisk, openBrowser, serve } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

const told = ({ id, impact, help, nodes }) => `${impact}: ${help} (${id}): ${nodes.map((n) => n.html.slice(0, 100)).slice(0, 3).join(" | ")}`;

async function faults(page, kind) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((v) => `${kind}: ${told(v)}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`no fault on pages in ${colorScheme}, ${width} pixels wide, folded and unfolded`, async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const found = [];
      for (const [kind, file] of Object.entries(kinds)) {
        await page.goto(onDisk(file));
        found.push(...await faults(page, kind));
        await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
        found.push(...await faults(page, `${kind}, unfolded`));
      }
      assert.deepEqual(found, []);
      await context.close();
    });
  }
}

test("no fault on paper, with more contrast and in forced colours", async () => {
  const found = [];
  for (const [name, options] of [["paper", { media: "print" }], ["contrast", { contrast: "more" }], ["forced", { forcedColors: "active" }]]) {
    const page = await browser.newPage();
    await page.emulateMedia(options);
    for (const [kind, file] of Object.entries(kinds)) {
      await page.goto(onDisk(file));
      found.push(...await faults(page, `${kind}, ${name}`));
    }
    await page.close();
  }
  assert.deepEqual(found, []);
});

test("no fault on the page for addresses where nothing is", async () => {
  const server = await serve();
  // The policy that pages are served with would keep axe out.
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.address}no/such/page/`);
  assert.deepEqual(await faults(page, "404"), []);
  await context.close();
  await server.close();
});
