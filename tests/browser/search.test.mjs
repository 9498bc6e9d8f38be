// The search in the page: by keyboard and pointer, from the disk and from a server, with slips, and for other scripts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSite, complaints, kinds, onDisk, openBrowser, serve } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const project = fileURLToPath(new URL("../..", import.meta.url));
let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

/** A page with the search open. */
async function searching(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard = complaints(page);
  await page.goto(address);
  await page.keyboard.press("/");
  await page.waitForSelector("dialog.search[open]");
  return { page, heard, close: () => context.close() };
}

/** Types, and waits until the results are those of what was typed. */
async function find(page, text) {
  await page.fill("#_search-input", text);
  await settled(page);
  assert.notEqual(await page.innerText("#_search-status"), "");
}

/** Waits until nothing is looked for any more. */
const settled = (page) => page.waitForSelector('.search .results[aria-busy="false"]', { state: "attached" });

const group = (page, name) => page.locator(".search section").filter({ has: page.getByRole("heading", { name, exact: true }) });

test("nothing of the search is read before it is opened", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.address + kinds.role);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked.filter((path) => path.includes("search")), []);
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForSelector("dialog.search[open]");
  await page.waitForFunction(() => document.activeElement?.id === "_search-input");
  assert.equal(asked.filter((path) => path === "/search-index.js").length, 1);
  await page.close();
});

for (const from of ["the disk", "a server"]) {
  test(`roles, specialties, lines and pages are found from ${from}, each group under its heading`, async () => {
    const base = from === "the disk" ? onDisk("") : server.address;
    const { page, heard, close } = await searching(base.replace(/\/?$/, "/") + kinds.plain);
    await find(page, "senior back");
    assert.match(await group(page, "Roles").locator("li").first().innerText(), /^Senior Backend Engineer/);
    await find(page, "geo");
    assert.match(await group(page, "Specialties").innerText(), /Geo/);
    await find(page, "mentoring");
    const line = group(page, "In the text").locator("li").first();
    assert.match(await line.locator("a").innerText(), /^Mentoring\. \w+/);
    assert.equal(await line.locator("mark").first().innerText(), "Mentoring");
    await find(page, "grades work");
    assert.match(await group(page, "Pages").innerText(), /How grades work/);
    assert.deepEqual(heard, []);
    await close();
  });
}

test("what roles inherit from shared blocks is found once, and leads to who has it or to a page that shows it", async () => {
  const { page, heard, close } = await searching(onDisk(kinds.home));
  await find(page, "written english");
  assert.equal(await group(page, "In the text").locator("li").count(), 1);
  assert.match(await group(page, "In the text").innerText(), /Written English/i);
  await group(page, "In the text").locator("a").first().click();
  await page.waitForURL(/\/requirements\/requirements\/[a-z-]*english[a-z-]*\/index\.html$/);
  for (const [typed, wanted] of [["parental leave", /parental leave/i], ["salary", /salary/i]]) {
    await page.goto(onDisk(kinds.home));
    await page.keyboard.press("/");
    await page.waitForSelector("dialog.search[open]");
    await find(page, typed);
    const link = group(page, "In the text").locator("a").first();
    const href = await link.evaluate((a) => a.href);
    await link.click();
    await page.waitForURL(href);
    assert.match(await page.locator(`[id="${decodeURIComponent(new URL(href).hash.slice(1))}"]`).locator("xpath=..").innerText(), wanted, typed);
  }
  assert.deepEqual(heard, []);
  await close();
});

test("a role is found together with a specialty that it can have", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "senior geo");
  assert.match(await group(page, "Roles").locator("li").first().innerText(), /^Senior Backend Engineer, Geo/);
  await find(page, "backend geo");
  assert.ok(await group(page, "Roles").locator("li").count() > 1);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/geo\/index\.html$/);
  await close();
});

test("what is called just as it was typed comes first", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "how promotion works");
  assert.match(await page.locator(".search section").first().innerText(), /How promotion works/);
  await close();
});

test("as many results are told as were found, and all of them can be seen, by keyboard too", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "engineer");
  const roles = group(page, "Roles");
  const shown = await roles.locator("li").count();
  const hidden = Number((await roles.locator("button").innerText()).match(/\d+/)[0]);
  const told = Number((await page.innerText("#_search-status")).match(/\d+/)[0]);
  assert.ok(told >= shown + hidden, `${told} told, ${shown} shown, ${hidden} more`);
  await roles.locator("button").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction((all) => document.querySelector(".search section")?.querySelectorAll("li").length === all, shown + hidden);
  await settled(page);
  assert.equal(await roles.locator("button").count(), 0);
  assert.ok(await roles.locator("a").nth(shown).evaluate((a) => a === document.activeElement));
  const text = group(page, "In the text");
  const before = await text.locator("li").count();
  await text.getByRole("button").click();
  await page.waitForFunction((before) => [...document.querySelectorAll(".search .line")].length > before, before);
  await close();
});

test("a slip of a letter or two is forgiven", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  for (const [typed, meant] of [["bakend", "Backend"], ["enginer leadrship", "Leadership"], ["mentroing", "Mentoring"], ["accesibility", "Accessibility"]]) {
    await find(page, typed);
    assert.match(await page.innerText(".search .results"), new RegExp(meant), typed);
  }
  await find(page, "xqzwvk");
  assert.match(await page.innerText("#_search-status"), /^Nothing found/);
  await close();
});

test("arrow keys go through the results, Enter opens the first, Escape closes", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "senior backend");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Senior Backend Engineer");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "_search-input");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog.search").isVisible(), false);
  // At once, before the page is painted again.
  await page.keyboard.press("/");
  await Promise.all([page.keyboard.press("Escape"), page.keyboard.press("/")]);
  await page.waitForFunction(() => document.activeElement?.id === "_search-input");
  assert.equal(await page.inputValue("#_search-input"), "senior backend");
  await page.keyboard.press("Enter");
  await page.waitForURL(onDisk("engineering/backend-engineering/senior/index.html"));
  await close();
});

test("a line that is found leads to the item on the role's page", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "mentoring pair junior");
  await group(page, "In the text").locator("a").first().click();
  await page.waitForURL(`${onDisk("engineering/backend-engineering/senior/index.html")}#responsibilities.mentoring`);
  assert.match(await page.locator("li:target").innerText(), /^Mentoring/);
  await close();
});

test("a sentence below a role's heading leads to that heading", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await find(page, "makes the whole team faster");
  await group(page, "In the text").locator("a").first().click();
  await page.waitForURL(`${onDisk("engineering/backend-engineering/index.html")}#senior`);
  await close();
});

test("the dialog tells a screen reader what it is and how much was found, on a phone and in dark", async () => {
  for (const options of [{}, { colorScheme: "dark", viewport: { width: 390, height: 844 } }]) {
    const { page, close } = await searching(onDisk(kinds.home), options);
    await find(page, "engineer");
    assert.match(await page.locator("dialog.search").getByRole("status").innerText(), /^\d+ results$/);
    assert.equal(await page.getByRole("searchbox", { name: "Search" }).count(), 1);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`), []);
    assert.equal(await page.evaluate(() => document.querySelector("dialog").getBoundingClientRect().right <= innerWidth), true);
    await close();
  }
});

test("a slash typed into a field is a slash", async () => {
  const { page, close } = await searching(onDisk(kinds.home));
  await page.fill("#_search-input", "ci");
  await page.keyboard.press("/");
  assert.equal(await page.inputValue("#_search-input"), "ci/");
  await close();
});

test("accents and letters of other scripts are found as they are typed", async () => {
  const directory = mkdtempSync(join(tmpdir(), "handbook-search-"));
  const write = (name, text) => { mkdirSync(dirname(join(directory, name)), { recursive: true }); writeFileSync(join(directory, name), text); };
  write("content/technik/büro.md", "---\ntitle: Büroleitung\nroles:\n  - {id: a, title: Büroleiterin, grade: 5}\n---\n## Requirements\n- **Größe.** Führt ein Café in Łódź.\n");
  write("content/技術/品質.md", "---\ntitle: 品質管理\nroles:\n  - {id: a, title: 品質管理責任者, grade: 5}\n---\n## Requirements\n- **品質。** 製品の品質管理を行います。\n");
  write("content/tech/ko.md", "---\ntitle: 개발\nroles:\n  - {id: a, title: 백엔드 개발자, grade: 5}\n---\n## Requirements\n- **소통.** 한국어로 소통합니다.\n");
  try {
    execFileSync("cargo", ["run", "--quiet", "--", "build", "--root", directory, "--output", join(directory, "site")], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
    const { page, heard, close } = await searching(pathToFileURL(join(directory, "site/index.html")).href);
    const cases = [["buro", "Büroleiterin"], ["GROSSE", "Größe"], ["lodz", "Łódź"], ["cafe", "Café"], ["品質管理", "品質管理責任者"], ["管理", "品質管理責任者"], ["製品", "製品の品質管理を行います"], ["한국", "한국어로 소통합니다"], ["개발자", "백엔드 개발자"]];
    for (const [typed, meant] of cases) {
      await find(page, typed);
      assert.match(await page.innerText(".search .results"), new RegExp(meant), typed);
    }
    await group(page, "Roles").locator("a").first().click();
    assert.match(await page.innerText("h1"), /백엔드 개발자/);
    assert.deepEqual(heard, []);
    await close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("what is typed while the search is being read is in the field when it is there", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/assets/search-*.js", async (route) => {
    await new Promise((late) => setTimeout(late, 600));
    await route.continue();
  });
  await page.goto(server.address + kinds.home);
  await page.keyboard.press("/");
  await page.keyboard.type("backendx", { delay: 20 });
  await page.keyboard.press("Backspace");
  await page.waitForSelector("dialog.search[open]");
  assert.equal(await page.inputValue("#_search-input"), "backend");
  await group(page, "Job families").getByRole("link", { name: "Backend Engineering" }).waitFor();
  await page.keyboard.type(" eng");
  assert.equal(await page.inputValue("#_search-input"), "backend eng");
  await context.close();
});

test("a department without words of its own is found without a complaint", async () => {
  const at = buildSite({
    "handbook.yml": "title: T\n",
    "content/quality/a.md": "---\ntitle: A\nroles: [{id: one, title: One, grade: 5, requirements: [\"Law degree[^1].\\n\\n[^1]: Or equal.\"]}]\n---\n## Requirements\n\n- Knows both[^a].\n\n[^a]: Or one.\n",
  });
  const { page, heard, close } = await searching(at("index.html"));
  await find(page, "quality");
  assert.deepEqual(await group(page, "Pages").getByRole("link").allInnerTexts(), ["Quality"]);
  await find(page, "both");
  assert.deepEqual(await group(page, "In the text").locator("a").allInnerTexts(), ["Knows both."]);
  assert.deepEqual(heard, []);
  await close();
});
