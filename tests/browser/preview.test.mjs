// The preview in a browser: what an author sees while editing. Each test has a handbook and a preview of its own.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./site.mjs";

const project = fileURLToPath(new URL("../..", import.meta.url));
const senior = "engineering/backend-engineering/senior/";
const backend = "content/engineering/backend-engineering.md";

let browser;
/** What ends what the test has begun. */
const ends = [];
before(async () => { browser = await openBrowser(); });
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  ends.splice(0).forEach((end) => end());
});
after(async () => { await browser?.close(); });

/** A copy of the example, with what edits it. */
function handbook() {
  const root = mkdtempSync(join(tmpdir(), "handbook-preview-"));
  ends.push(() => rmSync(root, { recursive: true, force: true }));
  for (const part of ["handbook.yml", "content"]) cpSync(join(project, part), join(root, part), { recursive: true });
  const write = (file, text) => { mkdirSync(dirname(join(root, file)), { recursive: true }); writeFileSync(join(root, file), text); };
  const edit = (file, from, to) => {
    const text = readFileSync(join(root, file), "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    write(file, text.replace(from, to));
  };
  return { root, write, edit };
}

/** Starts a preview; gives its address once it is ready, and what ends it. */
async function serve(root, port = 0) {
  const words = ["run", "--quiet", "--", "--root", root, "serve", "--port", String(port)];
  const child = spawn("cargo", words, { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  const end = () => new Promise((ended) => { child.exitCode === null ? child.once("exit", ended).kill("SIGKILL") : ended(); });
  ends.push(() => child.kill("SIGKILL"));
  let said = "";
  const address = await new Promise((ready, failed) => {
    child.once("exit", () => failed(new Error(said)));
    child.stderr.on("data", (data) => {
      said += data;
      const found = said.match(/Preview of .* at (http:\/\/\S+)/);
      if (found) ready(found[1]);
    });
  });
  return { address, end };
}

/** A tab; `kept` in it is lost when the page is loaded anew. */
async function open(address) {
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 500 } })).newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  const connected = page.waitForResponse((response) => response.url().includes("/_handbook/events"));
  await page.goto(address);
  await connected;
  await page.evaluate(() => { window.kept = true; });
  return { page, wrong, isKept: () => page.evaluate(() => window.kept === true) };
}

const panel = (page) => page.locator("handbook-preview section");
const corner = (page) => page.locator("handbook-preview .corner");

/** Words of the Senior's page, and how they are edited. */
const faster = "makes the whole team faster";
const much = (words) => words.replace("faster", "much faster");

test("an edit is exchanged in place, and scroll, focus, open details and the chosen view stay", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, wrong, isKept } = await open(address + senior);
  await page.getByLabel("New at this level").check();
  await page.getByLabel("Everything").check();
  const details = page.locator("main li details").first();
  await details.locator("summary").click();
  const focused = page.locator("main a[href]").last();
  await focused.focus();
  await page.evaluate(() => scrollTo(0, 400));
  const marks = await page.locator("main a.mark").count();
  const scrolled = await page.evaluate(() => scrollY);
  edit(backend, faster, much(faster));
  await page.getByText(much(faster)).waitFor();
  assert.ok(await isKept(), "the page was not loaded anew");
  assert.ok(await details.evaluate((d) => d.open), "what was open is open");
  assert.ok(await focused.evaluate((a) => a === document.activeElement), "what had the focus has it");
  assert.equal(await page.evaluate(() => scrollY), scrolled);
  assert.ok(await page.getByLabel("Everything").isChecked());
  assert.equal(await page.locator("main a.mark").count(), marks, "what scripts have added is still there");
  assert.equal(await page.locator(".theme select").count(), 1);
  assert.deepEqual(wrong, []);
});

test("a role's page is exchanged in place whatever is edited, and all that is open stays open", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, wrong, isKept } = await open(address + senior);
  const details = page.locator("main details");
  await details.evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  const count = await details.count();
  assert.ok(count > 5);
  const focused = page.locator("main a[href]").last();
  await focused.focus();
  const head = () => page.evaluate(() => [...document.head.querySelectorAll('meta, link:not([rel="stylesheet"]), script[type="application/ld+json"]')].map((e) => e.outerHTML).sort());
  const edits = [
    ["- Has worked in a team whose members", "- Has worked in a team all of whose members", "all of whose members"],
    ["- Has the merge rights", "- Is altogether new here\n- Has the merge rights", "Is altogether new here"],
    ["Backend engineers design", "Backend engineers always design", "engineers always design"],
    ["makes the whole team faster", "makes the whole team much faster", "much faster"],
  ];
  for (const [from, to, words] of edits) {
    edit(backend, from, to);
    const fresh = await browser.newPage();
    await page.waitForFunction((w) => document.documentElement.innerHTML.includes(w), words);
    await fresh.goto(page.url());
    const written = await fresh.evaluate(() => [...document.head.querySelectorAll('meta, link:not([rel="stylesheet"]), script[type="application/ld+json"]')].map((e) => e.outerHTML).sort());
    assert.deepEqual(await head(), written, "the head is that of a fresh page");
    await fresh.close();
    assert.ok(await isKept(), words);
    assert.equal(await page.locator("main details[open]").count(), count, words);
    assert.ok(await focused.evaluate((a) => a === document.activeElement), words);
  }
  assert.deepEqual(wrong, []);
});

test("what is chosen on the page that compares stays, and what it shows follows", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const family = "engineering/backend-engineering";
  const { page, wrong, isKept } = await open(`${address}compare/?a=${family}/intermediate&b=${family}/senior`);
  await page.locator("#_compare .rows").first().waitFor();
  const same = page.locator("#_compare details.same").first();
  await page.selectOption("#_a-family", "product/product-management");
  await page.selectOption("#_b", `${family}/staff`);
  const chosen = () => page.evaluate(() => ["_a-family", "_a", "_b-family", "_b"].map((id) => document.getElementById(id).value));
  const before = await chosen();
  await page.locator("#_b").focus();
  edit(backend, "- Has the merge rights", "- Has the much wanted merge rights");
  await page.locator("#_compare").getByText("much wanted").first().waitFor();
  assert.ok(await isKept(), "the page was not loaded anew");
  assert.deepEqual(await chosen(), before);
  assert.equal(await page.evaluate(() => document.activeElement.id), "_b");
  assert.equal(await page.locator("#_compare form").count(), 1);
  assert.ok(await same.count());
  assert.deepEqual(wrong, []);
});

test("the language of the page is exchanged, too", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  edit("handbook.yml", "lang: en", "lang: ar");
  await page.waitForFunction(() => document.documentElement.lang === "ar" && document.documentElement.dir === "rtl");
  assert.ok(await isKept());
  assert.equal(await page.evaluate(() => document.documentElement.dataset.scripts), "");
});

test("items that are added, moved and removed come out as a fresh page has them", async () => {
  const { root, write } = handbook();
  const text = (items) => `---\ntitle: Growing\nroles:\n  - {id: one, title: Only One, grade: 5}\n---\n## Requirements\n${items.map((i) => `- **${i}.** Has ${i}.\n`).join("")}`;
  write("content/growing.md", text(["Ada", "Ben", "Cleo"]));
  const { address } = await serve(root);
  const { page, isKept, wrong } = await open(`${address}growing/`);
  // Link marks and the place in the table of contents are the script's; what is compared is the page itself.
  const marks = (of) => of.locator("main a.mark").count();
  const shown = (of) => of.locator("main").evaluate((main) => {
    const copy = main.cloneNode(true);
    copy.querySelectorAll("a.mark").forEach((mark) => mark.remove());
    copy.querySelectorAll(".toc [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    return copy.innerHTML;
  });
  for (const items of [["Ada", "Xi", "Ben", "Cleo"], ["Cleo", "Ada", "Ben"], ["Ben"], ["Dora", "Ben", "Emil", "Finn"], ["Finn", "Emil"], []]) {
    write("content/growing.md", text(items));
    const fresh = await browser.newPage();
    await page.waitForFunction((all) => {
      const ids = [...document.querySelectorAll("main li[id^='requirements.']")].map((li) => li.id.slice("requirements.".length));
      return ids.join() === all.map((i) => i.toLowerCase()).join();
    }, items);
    await fresh.goto(page.url());
    assert.equal(await shown(page), await shown(fresh), items.join());
    await page.waitForFunction((count) => document.querySelectorAll("main a.mark").length === count, await marks(fresh));
    await fresh.close();
  }
  assert.ok(await isKept());
  assert.deepEqual(wrong, []);
});

test("a fault is shown with its place over the last good page, and goes away when it is mended", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  assert.equal(await panel(page).isVisible(), false);
  edit(backend, "title: Senior Backend Engineer", "title: \"<b>Senior</b>");
  await panel(page).waitFor();
  const told = await panel(page).innerText();
  assert.match(told, /1 error; this is the last good page/);
  assert.match(told, /error\[yaml-syntax\]/);
  assert.match(told, /content\/engineering\/backend-engineering\.md:\d+/);
  assert.match(told, /title: "<b>Senior<\/b>/);
  assert.equal(await panel(page).locator("b").count(), 0, "what is shown of the file is no markup");
  assert.equal(await page.locator("h1").innerText().then((t) => t.includes("Senior Backend Engineer")), true);
  await panel(page).getByRole("button", { name: "Fold away" }).click();
  assert.equal(await panel(page).isVisible(), false);
  await corner(page).getByRole("button", { name: "1 error" }).click();
  assert.equal(await panel(page).isVisible(), true);
  edit(backend, "title: \"<b>Senior</b>", "title: Senior Backend Engineer");
  edit(backend, faster, much(faster));
  await page.getByText(much(faster)).waitFor();
  await panel(page).waitFor({ state: "hidden" });
  assert.ok(await isKept());
});

test("a page that an error elsewhere does not touch is not called the last good one", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page } = await open(`${address}how-grades-work/`);
  edit("content/sales/account-executive.md", "title: ", "title: \"");
  await panel(page).waitFor();
  edit("content/how-grades-work.md", "title: ", "title: Still ");
  await page.locator("h1", { hasText: "Still" }).waitFor();
  const told = await panel(page).innerText();
  assert.match(told, /1 error/);
  assert.doesNotMatch(told, /last good page/);
});

test("warnings are a count in the corner that opens", async () => {
  const { root, write } = handbook();
  write("content/warned.md", "---\ntitle: Warned\nroles:\n  - {id: one, title: Only One, grade: 5}\n---\n## Responsibilties\n");
  const { address } = await serve(root);
  const { page } = await open(address);
  const count = corner(page).getByRole("button", { name: "1 warning" });
  await count.click();
  assert.match(await panel(page).innerText(), /heading-near-miss/);
});

test("an edit of another page is told by a link to it", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  edit("content/people/people-partner.md", "\n---\n", "\n---\n\nWords at the top.\n");
  const link = corner(page).getByRole("link");
  await link.waitFor();
  assert.ok(await isKept());
  await link.click();
  await page.waitForURL(`${address}people/people-partner/`);
  await page.getByText("Words at the top.").waitFor();
});

test("an edit that is held back, and one that is taken back, are told of as no change", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page, isKept } = await open(`${address}sales/account-executive/`);
  const note = corner(page).locator(".note");
  edit(backend, "title: Senior Backend Engineer", "title: \"Senior Backend Engineer");
  await panel(page).waitFor();
  assert.equal(await note.isVisible(), false, "nothing is shown otherwise");
  edit(backend, "title: \"Senior Backend Engineer", "title: Senior Backend Engineer");
  await panel(page).waitFor({ state: "hidden" });
  assert.equal(await note.isVisible(), false, "everything is as it was");
  edit(backend, faster, much(faster));
  await note.getByRole("link").waitFor();
  assert.ok(await isKept());
});

test("more tabs than a browser has connections all load and follow", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const context = await browser.newContext();
  const tabs = [];
  for (let i = 0; i < 8; i++) {
    tabs.push(await context.newPage());
    await tabs[i].goto(address + senior);
  }
  edit(backend, faster, much(faster));
  for (const tab of tabs) await tab.getByText(much(faster)).waitFor();
  await context.close();
});

test("a style sheet is exchanged alone", async () => {
  const { root, write } = handbook();
  write("static/style.css", "h1 { color: rgb(1, 2, 3) }");
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  const colour = (wanted) => page.waitForFunction((c) => getComputedStyle(document.querySelector("h1")).color === c, wanted);
  await colour("rgb(1, 2, 3)");
  write("static/style.css", "h1 { color: rgb(4, 5, 6) }");
  await colour("rgb(4, 5, 6)");
  await page.waitForFunction(() => document.querySelectorAll('link[rel="stylesheet"]').length === 1);
  assert.ok(await isKept());
});

test("so are the style rules that the site adds", async () => {
  const { root, write, edit } = handbook();
  write("static/house.css", "h1 { color: rgb(1, 2, 3) }");
  edit("handbook.yml", "lang: en", "lang: en\ntheme: {style: house.css}");
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  const colour = (wanted) => page.waitForFunction((c) => getComputedStyle(document.querySelector("h1")).color === c, wanted);
  await colour("rgb(1, 2, 3)");
  write("static/house.css", "h1 { color: rgb(4, 5, 6) }");
  await colour("rgb(4, 5, 6)");
  assert.ok(await isKept());
});

test("what cannot be exchanged in place is loaded anew", async () => {
  const { root, write } = handbook();
  const { address } = await serve(root);
  const { page, isKept } = await open(address + senior);
  write("static/script.js", "document.documentElement.dataset.mine = 'yes';");
  await page.waitForFunction(() => document.documentElement.dataset.mine === "yes");
  assert.equal(await isKept(), false);
});

test("a tab finds the preview again after it was started anew", async () => {
  const { root, edit } = handbook();
  const first = await serve(root);
  const { page, isKept } = await open(first.address + senior);
  await first.end();
  await corner(page).getByText("The preview has stopped").waitFor();
  edit(backend, faster, much(faster));
  await serve(root, new URL(first.address).port);
  await page.getByText(much(faster)).waitFor();
  await corner(page).getByText("The preview has stopped").waitFor({ state: "hidden" });
  assert.ok(await isKept());
});

test("a tab that the first preview never told anything is brought up to date by the next", async () => {
  const { root, edit } = handbook();
  const first = await serve(root);
  const page = await browser.newPage();
  await page.route("**/_handbook/events*", (route) => route.abort());
  await page.goto(first.address + senior);
  await first.end();
  edit(backend, faster, much(faster));
  await serve(root, new URL(first.address).port);
  await page.unroute("**/_handbook/events*");
  await page.getByText(much(faster)).waitFor();
});

test("the search finds what was edited since it was last used", async () => {
  const { root, write } = handbook();
  const text = (title, words) => `---\ntitle: ${title}\n---\nBuilds ${words}.\n`;
  write("content/built.md", text("Built", "pipelines"));
  const { address } = await serve(root);
  const { page, wrong, isKept } = await open(`${address}built/`);
  const find = async (words, found) => {
    await page.keyboard.press("/");
    await page.locator("#_search-input").fill(words);
    await page.locator("dialog.search .results").getByText(found).first().waitFor();
  };
  await find("pipelines", "Builds pipelines");
  await page.keyboard.press("Escape");
  write("content/built.md", text("Built", "aqueducts"));
  await page.locator("main").getByText("aqueducts").waitFor();
  await find("aqueducts", "Builds aqueducts");
  write("content/built.md", text("Made", "viaducts and aqueducts"));
  await page.locator("dialog.search .results").getByText("Builds viaducts").waitFor();
  assert.ok(await isKept());
  assert.deepEqual(wrong, []);
});

test("what a list is narrowed to stays chosen, and holds for entries that are new", async () => {
  const { root, write } = handbook();
  rmSync(join(root, "content"), { recursive: true });
  const family = (title, grade) => write(`content/eng/${title.toLowerCase()}.md`, `---\ntitle: ${title}\nroles:\n  - {id: one, title: ${title} One, grade: ${grade}}\n---\nWords.\n`);
  write("handbook.yml", "title: Small\n");
  family("First", 7);
  family("Second", 8);
  const { address } = await serve(root);
  const { page, wrong, isKept } = await open(`${address}eng/`);
  const grade = page.locator('select[name="grade"]');
  const shown = async (titles, words) => {
    const all = page.locator("main .entry:visible h3");
    await page.waitForFunction((n) => [...document.querySelectorAll("main .entry")].filter((e) => e.checkVisibility()).length === n, titles.length);
    assert.deepEqual(await all.allInnerTexts(), titles);
    assert.equal(await page.locator("fieldset.filter output").innerText(), words);
    assert.equal(new URL(page.url()).search, (await grade.inputValue()) ? `?grade=${await grade.inputValue()}` : "");
  };
  await grade.selectOption("8");
  await shown(["Second"], "1 of 2 shown");
  family("Third", 9);
  await page.locator("main .entry", { hasText: "Third" }).waitFor({ state: "attached" });
  await page.locator("output", { hasText: "1 of 3" }).waitFor();
  await shown(["Second"], "1 of 3 shown");
  family("First", 8);
  await shown(["First", "Second"], "2 of 3 shown");
  assert.equal(await grade.inputValue(), "8");
  family("First", 7);
  await shown(["Second"], "1 of 3 shown");
  family("Second", 9);
  await shown(["First", "Second", "Third"], "");
  assert.equal(await grade.inputValue(), "", "a grade that nobody has is not chosen");
  await grade.selectOption("7");
  await shown(["First"], "1 of 3 shown");
  family("First", 9);
  await grade.waitFor({ state: "detached" });
  await page.locator("main .entry", { hasText: "Second" }).waitFor();
  assert.ok(await isKept());
  assert.deepEqual(wrong, []);
});

test("tabs go along where the site is put below another path", async () => {
  const { root, edit } = handbook();
  const { address } = await serve(root);
  const { page } = await open(`${address}${senior}?a=b#requirements`);
  edit("handbook.yml", "lang: en", "lang: en\nbase_url: https://example.org/hand%20book/");
  await page.waitForURL(`${address}hand%20book/${senior}?a=b#requirements`);
  await page.locator("h1", { hasText: "Senior Backend Engineer" }).waitFor();
});

test("where there never was a good page none is claimed to be shown", async () => {
  const { root, write } = handbook();
  write("content/wrong.md", "---\ntitle: \"Wrong\n---\nWords.\n");
  const { address } = await serve(root);
  const { page } = await open(`${address}wrong/`);
  await page.getByText("There is nothing at this address").waitFor();
  write("content/wrong.md", "---\ntitle: [Wrong\n---\nWords.\n");
  await panel(page).getByText("title: [Wrong").waitFor();
  assert.equal(await panel(page).locator("h2").innerText(), "1 error");
});

test("a page that comes back after it was gone, and one at an old address, follow too", async () => {
  const { root, write } = handbook();
  const { address } = await serve(root);
  const { page } = await open(`${address}new/`);
  await page.getByText("There is nothing at this address").waitFor();
  write("content/new.md", "---\ntitle: Here now\n---\nWords.\n");
  await page.locator("h1", { hasText: "Here now" }).waitFor();
});
