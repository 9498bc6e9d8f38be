// What readers do on a page: the theme, the keyboard, what is folded away, the links.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { kinds, onDisk, openBrowser, serve, stillness } from "./site.mjs";

let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const colorScheme of ["light", "dark"]) {
  test(`a theme chosen on a ${colorScheme} screen holds on the next page, and the system's comes back`, async () => {
    const page = await open(server.address + kinds.role, { colorScheme });
    const first = await ground(page);
    await page.getByLabel("Theme").selectOption(colorScheme === "light" ? "Dark" : "Light");
    const other = await ground(page);
    assert.notEqual(other, first);
    await page.goto(server.address + kinds.family);
    assert.equal(await ground(page), other);
    await page.reload();
    assert.equal(await ground(page), other);
    await page.getByLabel("Theme").selectOption("System");
    assert.equal(await ground(page), first);
    await page.goto(server.address + kinds.home);
    assert.equal(await ground(page), first);
    await page.context().close();
  });
}

test("the first Tab shows the skip link, and Enter leads past the header", async () => {
  const page = await open(server.address + kinds.role);
  await page.keyboard.press("Tab");
  const link = page.locator("a.skip");
  assert.ok(await link.evaluate((a) => a === document.activeElement && a.getBoundingClientRect().top >= 0));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
  await page.context().close();
});

test("the words that an item replaces open by keyboard, with the differences marked", async () => {
  const page = await open(server.address + kinds.role);
  const folded = page.locator("main li[id] > details").first();
  const old = folded.locator("blockquote");
  assert.equal(await old.isVisible(), false);
  await folded.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.equal(await old.isVisible(), true);
  assert.ok((await old.innerText()).trim().length > 10);
  assert.ok(await page.locator("main li blockquote ins").count() > 0);
  await page.keyboard.press("Space");
  assert.equal(await old.isVisible(), false);
  await page.context().close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`only what is new can be shown ${javaScriptEnabled ? "with" : "without"} scripts: lists, prose and contents`, async () => {
    const page = await open(server.address + kinds.role, { javaScriptEnabled, viewport: { width: 1400, height: 900 } });
    const hides = {
      item: page.locator("main li.inherited[id]").first(),
      section: page.locator("#hiring-process"),
      block: page.locator("#company"),
      contents: page.locator('.toc a[href="#company"]'),
    };
    const stays = { item: page.locator("main li:not(.inherited)[id]").first(), contents: page.locator('.toc a[href="#responsibilities"]') };
    for (const [name, place] of Object.entries({ ...hides, ...stays })) assert.equal(await place.isVisible(), true, name);
    await page.getByLabel("New at this level").check();
    for (const [name, place] of Object.entries(hides)) assert.equal(await place.isVisible(), false, name);
    for (const [name, place] of Object.entries(stays)) assert.equal(await place.isVisible(), true, name);
    await page.context().close();
  });
}

test("a link to something that is hidden shows it again", async () => {
  const page = await open(server.address + kinds.role);
  await page.getByLabel("New at this level").check();
  const inherited = page.locator("main li.inherited[id]").first();
  await page.goto(`${server.address}${kinds.role}#${await inherited.getAttribute("id")}`);
  assert.equal(await inherited.isVisible(), true);
  await page.context().close();
});

test("the mark of an item copies its address and says so", async () => {
  const page = await open(server.address + kinds.role, { permissions: ["clipboard-read", "clipboard-write"] });
  const item = page.locator("main li.inherited[id]").first();
  const address = `${server.address}${kinds.role}#${await item.getAttribute("id")}`;
  await item.hover();
  await item.locator(".mark").click();
  await page.getByRole("status").getByText("Link copied").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  assert.equal(page.url(), address);
  await page.context().close();
});

test("every item can be edited at the line on which it is written, also where it is inherited, and by keyboard", async () => {
  const page = await open(server.address + kinds.role);
  const lines = await page.locator("main li[id] > .tools > .edit").evaluateAll((links) => links.map((a) => [a.href, a.closest("li").querySelector("strong")?.textContent]));
  assert.ok(lines.length > 20, `${lines.length} links`);
  const files = new Map();
  for (const [href, label] of lines) {
    const [, path, line] = href.match(/edit\/main\/(.*)#L(\d+)$/);
    if (!files.has(path)) files.set(path, readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").split("\n"));
    if (label) assert.ok(files.get(path)[line - 1].includes(label.replace(/[.:]$/, "")), `${path}:${line} has no ${label}`);
  }
  assert.ok(files.size > 1, "items of one file only");
  const item = page.locator("main li[id]").first();
  assert.equal(await item.locator(".edit").isVisible(), false);
  await item.locator(".mark").focus();
  await page.keyboard.press("Tab");
  assert.ok(await item.locator(".edit").evaluate((a) => a === document.activeElement));
  await page.context().close();
});

test("what is not asked any more gives its reason when it is opened", async () => {
  const page = await open(server.address + "engineering/backend-engineering/staff/index.html", { javaScriptEnabled: false });
  const gone = page.locator("ul.gone details").first();
  assert.equal(await gone.locator("span").isVisible(), false);
  await gone.locator("summary").click();
  assert.ok((await gone.innerText()).length > (await gone.locator("summary").innerText()).length + 10);
  await page.context().close();
});

test("a specialty leads to the role with it, and back", async () => {
  const page = await open(server.address + kinds.role, { javaScriptEnabled: false });
  await page.getByText("Specialties", { exact: true }).first().click();
  await page.locator(".choose").getByRole("link", { name: "Geo" }).click();
  assert.equal(page.url(), server.address + kinds.composition);
  await page.locator(".choose summary").click();
  await page.locator(".choose").getByRole("link", { name: /alone/ }).click();
  assert.equal(page.url(), server.address + kinds.role);
  await page.context().close();
});

test("the matrix keeps its row heads while it is scrolled", async () => {
  const page = await open(server.address + kinds.family, { javaScriptEnabled: false, viewport: { width: 800, height: 900 } });
  await page.locator(".matrix > summary").click();
  const region = page.locator(".matrix .wide");
  const head = region.locator('th[scope="row"]').first();
  const before = (await head.boundingBox()).x;
  assert.ok(await region.evaluate((r) => { r.scrollLeft = 300; return r.scrollLeft; }) > 100, "nothing to scroll");
  assert.equal((await head.boundingBox()).x, before);
  const row = region.locator("tr", { has: page.getByRole("rowheader", { name: "Problem solving" }) });
  assert.equal(await row.locator("td.changed").count(), 2);
  assert.match(await row.locator("td.changed").first().innerText(), /^changed /);
  await page.context().close();
});

test("on a phone the matrix is read line by line, each text under its role", async () => {
  const page = await open(server.address + kinds.family, { viewport: { width: 390, height: 844 } });
  await page.locator(".matrix > summary").click();
  const region = page.locator(".matrix .wide");
  assert.ok(await region.evaluate((r) => r.scrollWidth <= r.clientWidth));
  const cell = region.locator("td.changed").first();
  assert.match(await cell.locator("b").innerText(), /Engineer|Manager/);
  await page.context().close();
});

test("a department is narrowed to roles of a grade and a track, by an address that can be shared", async () => {
  const page = await open(server.address + kinds.department);
  const roles = page.locator(".entry li[data-roles]:visible");
  const all = await roles.count();
  await page.getByLabel("Grade").selectOption("8");
  await page.getByLabel("Track").selectOption("Managers");
  const left = await roles.allInnerTexts();
  assert.ok(left.length > 0 && left.length < all);
  assert.ok(left.some((text) => text.includes("Backend Engineering Manager")) && left.every((text) => !text.includes("Staff")), left.join());
  assert.equal(await page.locator("output").innerText(), `${left.length} of ${await page.locator(".entry li[data-roles]").count()} shown`);
  await page.reload();
  assert.deepEqual(await roles.allInnerTexts(), left);
  await page.getByRole("button", { name: "Show everything" }).click();
  assert.equal(await roles.count(), all);
  assert.equal(new URL(page.url()).search, "");
  await page.context().close();
});

test("the home page is narrowed to a department, and lists departments below departments", async () => {
  const page = await open(onDisk(kinds.home));
  assert.ok(await page.locator(".entry .below").getByRole("link", { name: "Quality" }).isVisible());
  await page.locator("select[name=department]").selectOption("Sales");
  assert.deepEqual(await page.locator(".entry:visible h3").allInnerTexts(), ["Sales"]);
  await page.context().close();
});

test("what is narrowed on the home page says nothing untrue of what is left", async () => {
  const page = await open(server.address + kinds.home);
  await page.getByLabel("Specialty").selectOption("Geo");
  const left = page.locator(".entry:visible");
  assert.deepEqual(await left.locator("h3").allInnerTexts(), ["Engineering"]);
  assert.deepEqual(await left.locator("li:visible").allInnerTexts(), ["Backend Engineering"]);
  assert.equal(await page.getByText(/\d+ families/).filter({ visible: true }).count(), 0);
  await page.getByLabel("Specialty").selectOption("");
  assert.equal(await page.locator(".entry .counts:visible").count(), await page.locator(".entry").count());
  await page.context().close();
});

test("a role on paper has its words, and nothing to click", async () => {
  const page = await open(server.address + kinds.role);
  await page.emulateMedia({ media: "print" });
  for (const chrome of ["header nav", ".crumbs", ".toc", ".switch", ".tools", ".choose", ".steps", "label.theme", "footer ul"]) {
    assert.equal(await page.locator(chrome).first().isVisible(), false, chrome);
  }
  assert.ok(await page.locator("#responsibilities").isVisible());
  // What all roles share stays on the screen; the paper says where it is, and how old it is itself.
  assert.equal(await page.locator("#company").isVisible(), false);
  assert.match(await page.locator("main > .paper").innerText(), /^On the page, but not on paper: .*About Larkfield/);
  await page.context().close();
});

test("what is not asked any more is on paper with its reason, and without links", async () => {
  const page = await open(`${server.address}engineering/backend-engineering/staff/index.html`);
  const gone = page.locator("ul.gone li").filter({ hasText: "Weekday rota" });
  const reason = gone.getByText("Staff engineers join the incident lead rota instead.");
  assert.equal(await reason.isVisible(), false);
  await page.emulateMedia({ media: "print" });
  for (const shown of [page.getByText("Not asked any more"), gone.locator("s"), reason]) assert.equal(await shown.isVisible(), true);
  assert.equal(await gone.locator("a").first().isVisible(), false);
  await page.context().close();
});

test("a role takes one or two sheets of paper, in letters that can be read, with the addresses of links", async () => {
  const page = await open(server.address + kinds.role);
  for (const role of ["junior", "intermediate", "senior", "staff", "senior/geo"]) {
    await page.goto(`${server.address}engineering/backend-engineering/${role}/index.html`);
    for (const format of ["A4", "Letter"]) {
      const paper = await page.pdf({ format });
      const sheets = paper.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
      assert.ok(sheets <= 2, `${role} takes ${sheets} sheets of ${format}`);
    }
  }
  await page.emulateMedia({ media: "print" });
  const smallest = await page.locator("main").evaluate((main) => Math.min(...[...main.querySelectorAll("li, p:not(.paper)")].filter((e) => e.getClientRects().length && !e.closest(".gone")).map((e) => parseFloat(getComputedStyle(e).fontSize))));
  assert.ok(smallest >= 12, `${smallest} px, less than 9 pt`);
  await page.goto(server.address + kinds.prose);
  const link = page.locator('main a[href^="http"]').first();
  if (await link.count()) assert.match(await link.evaluate((a) => getComputedStyle(a, "::after").content), /https/);
  await page.context().close();
});

test("a fragment that no text can be read from stops nothing", async () => {
  const page = await open("about:blank");
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(`${server.address}${kinds.role}#%`);
  assert.ok(await page.locator("h2 > .mark").count() > 3);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the page is painted before its script has come", async () => {
  const page = await open("about:blank");
  let come = () => {};
  const held = new Promise((done) => { come = done; });
  await page.route("**/assets/script-*.js", async (route) => { await held; await route.continue(); });
  await page.goto(server.address + kinds.role, { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0, undefined, { polling: 50 });
  assert.equal(await page.locator("h2 > .mark").count(), 0);
  come();
  await page.locator("h2 > .mark").first().waitFor({ state: "attached" });
  await page.context().close();
});

test("what was chosen on one role holds on the next from its first paint on", async () => {
  const page = await open(server.address + kinds.role);
  await page.getByLabel("New at this level").check();
  const still = await stillness(page);
  await still.open(server.address + "engineering/backend-engineering/staff/index.html");
  assert.equal(await page.getByLabel("New at this level").isChecked(), true);
  assert.equal(await still.moved(), 0);
  await page.getByLabel("Everything").check();
  assert.equal(await page.locator("main li.inherited[id]").first().isVisible(), true);
  await page.context().close();
});

test("paper says that only what is new was printed, and says nothing of it otherwise", async () => {
  const page = await open(server.address + kinds.role);
  await page.emulateMedia({ media: "print" });
  const said = page.getByText("Only what is new is printed here.");
  assert.equal(await said.isVisible(), false);
  await page.emulateMedia({ media: "screen" });
  assert.equal(await said.isVisible(), false);
  await page.getByLabel("New at this level").check();
  await page.emulateMedia({ media: "print" });
  assert.equal(await said.isVisible(), true);
  await page.context().close();
});

test("the contents name every part of a role and of a family", async () => {
  for (const kind of ["role", "composition", "family"]) {
    const page = await open(server.address + kinds[kind]);
    const parts = await page.locator("main h2[id]").evaluateAll((all) => all.map((h) => `#${h.id}`));
    const told = new Set(await page.locator(".toc a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))));
    assert.deepEqual(parts.filter((part) => !told.has(part)), [], kind);
    await page.context().close();
  }
});

test("the header tells in which part of the site a page lies", async () => {
  const page = await open("about:blank");
  for (const [file, name] of [["grades/index.html", "Grades"], ["map/engineering/index.html", "Map"], ["compare/index.html", "Compare"], ["requirements/index.html", "Index"], [kinds.family, "Engineering"]]) {
    await page.goto(server.address + file);
    assert.deepEqual(await page.locator("header nav [aria-current]").allInnerTexts(), [name]);
  }
  await page.context().close();
});

test("links to items and to their lines are told apart by what they say", async () => {
  const page = await open(server.address + kinds.role);
  const labelled = page.locator("main li[id]:has(> strong):has(> .tools)");
  const names = await labelled.evaluateAll((items) => items.map((item) => [item.querySelector("strong").textContent.replace(/[.:]$/, ""), ...[...item.querySelectorAll(":scope > .tools > a")].map((a) => a.getAttribute("aria-label"))]));
  assert.ok(names.length > 10);
  assert.deepEqual(names.filter(([label, ...links]) => !links.every((link) => link.endsWith(`: ${label}`))), []);
  assert.match(await page.locator("h2#responsibilities > .mark").getAttribute("aria-label"), /: Responsibilities$/);
  await page.context().close();
});

test("a heading is called by its text alone, and the mark in it by its own", async () => {
  const page = await open(server.address + kinds.role);
  const names = async () => {
    const cdp = await page.context().newCDPSession(page);
    const { nodes } = await cdp.send("Accessibility.getFullAXTree");
    return nodes.filter((node) => node.role?.value === "heading").map((node) => node.name?.value);
  };
  await page.locator("h2 > .mark").first().waitFor({ state: "attached" });
  const written = await page.locator("main :is(h2, h3, h4)[id]").evaluateAll((all) => all.filter((h) => h.checkVisibility()).map((heading) => {
    const copy = heading.cloneNode(true);
    copy.querySelectorAll(".mark").forEach((mark) => mark.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  }));
  const told = await names();
  assert.ok(written.length > 4);
  assert.deepEqual(written.filter((name) => !told.includes(name)), []);
  assert.deepEqual(told.filter((name) => /Link to this place/.test(name)), []);
  await page.context().close();
});

test("no page scrolls sideways on a phone's width at twice the size of text", async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
  for (const kind of Object.values(kinds)) {
    await page.goto(server.address + kind);
    const wide = await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
      document.querySelectorAll("main details").forEach((d) => { d.open = true; });
      return document.documentElement.scrollWidth;
    });
    assert.equal(wide, 360, kind);
  }
  await page.context().close();
});

test("no item ends in an empty line on a narrow window with a mouse", async () => {
  for (const width of [320, 360, 412]) {
    const page = await open(server.address + kinds.role, { viewport: { width, height: 740 } });
    const empty = await page.locator("main li[id]:has(> .tools)").evaluateAll((items) => items.filter((item) => {
      const tools = item.querySelector(":scope > .tools").getBoundingClientRect();
      const range = document.createRange();
      range.setStart(item, 0);
      range.setEndBefore(item.querySelector(":scope > .tools"));
      const lines = [...range.getClientRects()];
      return tools.top > Math.max(...lines.map((line) => line.bottom)) - 4;
    }).map((item) => item.id));
    assert.deepEqual(empty, [], `${width} px`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "wider than the window");
    await page.context().close();
  }
});

test("an image keeps its place before it has come", async () => {
  const page = await open("about:blank");
  const still = await stillness(page);
  await still.open(server.address + kinds.department);
  const image = page.locator("main img").first();
  assert.deepEqual(await image.evaluate((i) => [i.getAttribute("width"), i.getAttribute("height"), i.loading]), ["560", "150", "lazy"]);
  await image.scrollIntoViewIfNeeded();
  assert.equal(await still.moved(), 0);
  await page.context().close();
});

test("on a phone the departments fold into a menu that the keyboard opens", async () => {
  const page = await open(onDisk(kinds.role), { viewport: { width: 390, height: 844 } });
  const department = page.locator("header nav a").first();
  assert.equal(await department.isVisible(), false);
  await page.locator("header summary").focus();
  await page.keyboard.press("Enter");
  assert.equal(await department.isVisible(), true);
  await department.press("Enter");
  await page.waitForURL(onDisk(kinds.department));
  await page.context().close();
});

test("everything that can be reached by Tab shows that it is", async () => {
  for (const kind of ["family", "role", "grades"]) {
    const page = await open(server.address + kinds[kind]);
    const unmarked = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const at = document.activeElement;
        const style = getComputedStyle(at);
        const marked = at === document.body || parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
        const label = at.closest("label") ?? document.querySelector(`label[for="${CSS.escape(at.id)}"]`) ?? at.nextElementSibling;
        const byLabel = at.matches("input") && label && getComputedStyle(label).outlineStyle !== "none";
        return marked || byLabel ? null : at.outerHTML.slice(0, 120);
      });
      if (seen) unmarked.push(`${kind}: ${seen}`);
    }
    assert.deepEqual(unmarked, []);
    await page.context().close();
  }
});

test("a link to an item leads to the item", async () => {
  const page = await open(server.address + kinds.role);
  const item = page.locator("main li[id]").last();
  await page.goto(`${page.url()}#${await item.getAttribute("id")}`);
  await page.waitForFunction((id) => {
    const { top, bottom } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }, await item.getAttribute("id"));
  await page.context().close();
});
