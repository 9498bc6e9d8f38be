// What a site sets for itself: language and direction, words, colour, scripts, drafts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildSite, complaints, openBrowser } from "./site.mjs";

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser?.close(); });

const family = `---
title: Backend
roles:
  - {id: mid, title: Mid, grade: 6, requirements: ["**Git.** Knows Git well."]}
  - {id: senior, title: Senior, grade: 7, extends: mid, requirements: ["**Git.** Teaches Git well."]}
  - {id: staff, title: Staff, grade: 8, extends: senior, status: draft}
---

\`\`\`mermaid
graph LR
  A --> B & C
\`\`\`
`;

test("another language, written from right to left, on every page", async () => {
  const at = buildSite({
    "handbook.yml": "title: دليل\nlang: ar\nbase_url: https://example.org/x/\n",
    "strings.yml": "grade: الدرجة\nfrom: من {}\neverything: كل شيء\ntheme: المظهر\nskip: إلى المحتوى\n",
    "content/eng/backend.md": family,
  });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const heard = complaints(page);
  await page.goto(at("eng/backend/senior/index.html"));
  assert.equal(await page.evaluate(() => document.documentElement.lang + document.documentElement.dir), "arrtl");
  assert.ok(await page.getByText("الدرجة").first().isVisible());
  assert.ok(await page.getByLabel("كل شيء").isVisible());
  const [text, contents] = [await page.locator("h1").boundingBox(), await page.locator(".toc").boundingBox()];
  assert.ok(contents.x + contents.width < text.x + text.width / 2, "the contents do not stand on the left");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(heard, []);
  await page.close();
});

test("the accent colour of the site, made readable on both grounds", async () => {
  const at = buildSite({ "handbook.yml": 'theme: {accent: "#7a1fa2"}\n', "content/eng/backend.md": family });
  for (const [colorScheme, wanted] of [["light", /^rgb\(122, 31, 162\)$/], ["dark", /^rgb\(1[5-9]\d|^rgb\(2/]]) {
    const page = await browser.newPage({ colorScheme });
    await page.goto(at("eng/backend/index.html"));
    assert.match(await page.locator("main p a[href]").first().evaluate((a) => getComputedStyle(a).color), wanted);
    await page.close();
  }
});

test("rules of the site's own come after those of the program, and may name fonts beside them", async () => {
  const rules = "@font-face { font-family: House; src: url(../fonts/house.woff2) }\nh1 { color: rgb(1, 2, 3); font-family: House }\n";
  const files = { "static/house.css": rules, "static/fonts/house.woff2": "no font", "content/eng/backend.md": family };
  const at = buildSite({ "handbook.yml": 'theme: {accent: "#7a1fa2", style: house.css}\n', ...files });
  const page = await browser.newPage();
  const [font] = await Promise.all([page.waitForRequest(/woff2/), page.goto(at("eng/backend/index.html"))]);
  assert.equal(font.url(), at("fonts/house.woff2"));
  assert.equal(await page.locator("h1").evaluate((h1) => getComputedStyle(h1).color), "rgb(1, 2, 3)");
  assert.equal(await page.locator("main p a[href]").first().evaluate((a) => getComputedStyle(a).color), "rgb(122, 31, 162)");
  assert.equal(await page.locator('link[rel="stylesheet"]').count(), 1);
  await page.close();
});

test("on paper a page ends with what it says: who built it takes no sheet", async () => {
  const at = buildSite({ "content/eng/backend.md": family });
  const page = await browser.newPage();
  await page.goto(at("eng/backend/index.html"));
  assert.ok(await page.getByText("Built with").isVisible());
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("footer.site").isVisible(), false);
  await page.close();
});

test("diagrams are drawn by the script that the site brings, and are code without it", async () => {
  const script = "window.mermaid = { initialize(o) { window.look = o; }, run(o) { document.querySelectorAll(o.querySelector).forEach((d) => { d.replaceWith('drawn: ' + d.textContent); }); } };";
  const with_script = buildSite({ "handbook.yml": "theme: {mermaid: mermaid.min.js}\n", "static/mermaid.min.js": script, "content/eng/backend.md": family });
  const page = await browser.newPage({ colorScheme: "dark" });
  await page.goto(with_script("eng/backend/index.html"));
  await page.getByText("drawn: graph LR").waitFor();
  assert.deepEqual(await page.evaluate(() => window.look), { startOnLoad: false, theme: "dark" });
  await page.goto(with_script("index.html"));
  assert.equal(await page.locator("script").count(), 3, "the script is loaded where there is nothing to draw");
  const without = buildSite({ "content/eng/backend.md": family });
  await page.goto(without("eng/backend/index.html"));
  assert.equal(await page.locator("pre.mermaid").innerText(), "graph LR\n  A --> B & C\n");
  await page.close();
});

test("a preview with drafts says so on every page", async () => {
  const files = { "content/eng/backend.md": family };
  const page = await browser.newPage();
  await page.goto(buildSite(files, "--drafts")("eng/backend/staff/index.html"));
  assert.ok(await page.locator(".ribbon").isVisible());
  assert.ok(await page.locator(".notice.draft").isVisible());
  assert.equal(await page.getByText("all of it is inherited").isVisible(), false);
  await page.getByLabel("New at this level").check();
  assert.equal(await page.getByText("all of it is inherited").isVisible(), true);
  await page.goto(buildSite(files)("eng/backend/index.html"));
  assert.equal(await page.locator(".ribbon").count(), 0);
  await page.close();
});
