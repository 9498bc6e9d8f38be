// Pages stay light and still: what the largest of the example weighs, and that nothing moves. For how long scripts hold it up
// depends on the machine: benches/page.mjs measures it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { kinds, openBrowser, pages, root, serve, stillness } from "./site.mjs";

const packed = (file) => gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
const heaviest = pages().map((page) => [packed(page), page]).sort((a, b) => b[0] - a[0])[0][1];

let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

test("HTML, style and script of the largest page keep within their budgets, compressed", async (t) => {
  const page = await browser.newPage();
  const sizes = { document: packed(heaviest), stylesheet: 0, script: 0 };
  page.on("request", (request) => {
    const type = request.resourceType();
    if (type !== "document" && type in sizes) sizes[type] += packed(decodeURIComponent(new URL(request.url()).pathname.slice(1)));
  });
  await page.goto(server.address + heaviest, { waitUntil: "networkidle" });
  assert.ok(sizes.script > 0 && sizes.stylesheet > 0, JSON.stringify(sizes));
  assert.ok(sizes.document < 60_000, `${heaviest} has ${sizes.document} bytes`);
  assert.ok(sizes.stylesheet < 12_000, `its style has ${sizes.stylesheet} bytes`);
  assert.ok(sizes.script < 25_000, `its scripts have ${sizes.script} bytes`);
  t.diagnostic(`${heaviest}: ${JSON.stringify(sizes)} bytes compressed`);
  // With the script of the search, which is loaded when it is used, it keeps within it, too.
  const search = packed(join("assets", readdirSync(join(root, "assets")).find((file) => file.startsWith("search-"))));
  assert.ok(sizes.script + search < 25_000, `with the search ${sizes.script + search} bytes`);
  await page.close();
});

test("nothing moves on any kind of page once it is read, on the narrowest phone or a wide screen", async () => {
  const family = "engineering/backend-engineering";
  const query = `?a=${encodeURIComponent(`${family}/junior`)}&b=${encodeURIComponent(`${family}/staff`)}`;
  const all = [heaviest, ...Object.values(kinds), "compare/index.html", `compare/index.html${query}`, `compare/${family}/senior/intermediate/index.html`, "map/index.html", "requirements/index.html"];
  const moved = [];
  for (const [width, height] of [[320, 640], [412, 915], [1280, 800]]) {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    const still = await stillness(page);
    for (const address of all) {
      await still.open(server.address + address);
      if (address.includes("?")) await page.waitForSelector("#_compare .rows");
      const by = await still.moved();
      if (by) moved.push(`${address} at ${width} px: ${by}`);
    }
    await context.close();
  }
  assert.deepEqual(moved, []);
});

test("what watches the page would notice", async () => {
  const page = await browser.newPage();
  const still = await stillness(page);
  await still.open(server.address + heaviest);
  await page.evaluate(() => document.querySelector("main").prepend(Object.assign(document.createElement("p"), { textContent: "late" })));
  assert.ok(await still.moved() > 0);
  await page.close();
});
