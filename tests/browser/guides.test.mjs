// Comparisons, the career map and the index of items: what readers do with them, with and without scripts.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildSite, complaints, onDisk, openBrowser, root, serve } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const family = "engineering/backend-engineering";
const step = `compare/${family}/senior/intermediate/index.html`;
const choice = (a, b) => `compare/index.html?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`;
const far = choice(`${family}/junior`, `${family}/staff`);
const phone = { viewport: { width: 390, height: 844 } };

let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard = complaints(page);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, heard, asked, close: () => context.close() };
}

/** Opens an address of the site from the disk and from the server, in turn. */
async function both(address, options, look) {
  const [path, query] = address.split("?");
  for (const whole of [onDisk(path) + (query ? `?${query}` : ""), server.address + address]) {
    const { page, heard, asked, close } = await open(whole, options);
    await look(page);
    assert.deepEqual(heard, []);
    const origin = whole.startsWith("file:") ? "file:" : server.address;
    assert.deepEqual(asked.filter((url) => !url.startsWith(origin)), [], "a request leaves the site");
    await close();
  }
}

/** How much of a picture is dark. */
async function darkness(page, png) {
  const blank = await page.context().newPage();
  const dark = await blank.evaluate(async (address) => {
    const image = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    let number = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 3 * 96) number++;
    return number / (data.length / 4);
  }, `data:image/png;base64,${png.toString("base64")}`);
  await blank.close();
  return dark;
}

test("a step to the next level is compared without scripts, its words marked", async () => {
  await both(step, { javaScriptEnabled: false }, async (page) => {
    assert.match(await page.innerText(".lead"), /items? (is|are) new, \d+ (is|are) changed/);
    const changed = page.locator(".rows .changed").first();
    assert.ok((await changed.locator("del").first().innerText()).length);
    assert.ok((await changed.locator("ins").first().innerText()).length);
    // What the handbook itself says may hold any number; what the program says of it may not.
    assert.doesNotMatch((await page.locator(".lead, .what small, .heads small, h1, h2, h3").allInnerTexts()).join("\n"), /\bscore|\bmatch|%/);
  });
});

test("a role's page leads to what changes, to the map and to any comparison", async () => {
  const { page, close } = await open(onDisk(`${family}/senior/index.html`), { javaScriptEnabled: false });
  const guides = page.locator("ul.guides");
  await guides.getByRole("link", { name: "Backend Engineer", exact: true }).click();
  assert.equal(page.url(), onDisk(step));
  await page.goBack();
  await guides.getByRole("link", { name: "On the career map" }).click();
  assert.ok(page.url().startsWith(onDisk(`map/${family}/index.html`)));
  const anchor = decodeURIComponent(new URL(page.url()).hash.slice(1));
  assert.match(await page.locator(`[id="${anchor}"]`).textContent(), /Senior Backend\s+Engineer/);
  await close();
});

test("any two roles are compared from an address, and the words of both are marked", async () => {
  await both(far, {}, async (page) => {
    await page.getByRole("heading", { name: "From Junior Backend Engineer to Staff Backend Engineer", exact: true }).waitFor();
    assert.match(await page.innerText("#_compare .lead"), /new/);
    assert.ok(await page.locator("#_compare del").count());
    assert.ok(await page.locator("#_compare ins").count());
    // What the handbook itself says may hold any number; what the program says of it may not.
    assert.doesNotMatch((await page.locator(".lead, .what small, .heads small, h1, h2, h3").allInnerTexts()).join("\n"), /\bscore|\bmatch|%/);
  });
});

test("the script finds the same differences as the page of a step", async () => {
  const ids = [`${family}/intermediate`, `${family}/senior`];
  const written = await open(onDisk(step), { javaScriptEnabled: false });
  const rows = (page, within) => page.locator(`${within} .rows > li`).evaluateAll((all) => all.map((li) => `${li.classList[1]}: ${li.querySelector(".what").innerText}`));
  const expected = await rows(written.page, "main");
  const made = await open(onDisk("compare/index.html") + `?a=${ids[0]}&b=${ids[1]}`);
  await made.page.waitForSelector("#_compare .rows");
  assert.ok(expected.length > 3);
  assert.deepEqual(await rows(made.page, "#_compare"), expected);
  assert.equal(await made.page.innerText("#_compare .lead"), await written.page.innerText(".lead"));
  await written.close();
  await made.close();
});

test("both leave words as they are behind which more is said", async () => {
  const requirements = (listening, git, languages) =>
    `### Requirements\n- **Listening.** ${listening}\n- **Git.** ${git}\n- **Languages.** ${languages}\n`;
  const roles = "roles: [{id: one, title: First}, {id: two, title: Second, extends: one}]";
  const address = buildSite({
    "content/a.md": `---\ntitle: A\n${roles}\n---\n## First\n${requirements("Listens well.", "Writes code.", "Uses Go or Rust daily.")}\n## Second\n${requirements("Listens well, and teaches others to do so: often.", "Reads books.", "Uses Go, Rust, C daily.")}`,
  });
  const written = await open(address("compare/a/two/one/index.html"), { javaScriptEnabled: false });
  const made = await open(`${address("compare/index.html")}?a=a/one&b=a/two`);
  await made.page.waitForSelector("#_compare .rows");
  const marked = (page, within) => page.locator(`${within} .rows :is(ins, del)`).evaluateAll((all) => all.map((e) => `${e.tagName} ${e.textContent}`));
  const expected = ["INS , and teaches others to do so: often", "DEL Writes code.", "INS Reads books.", "DEL or", "INS ,", "INS , C"];
  assert.deepEqual(await marked(written.page, "main"), expected);
  assert.deepEqual(await marked(made.page, "#_compare"), expected);
  for (const [page, within] of [[written.page, "main"], [made.page, "#_compare"]]) {
    const text = (await page.locator(`${within} .rows`).first().textContent()).replace(/\s+/g, " ");
    for (const side of ["Uses Go or Rust daily.", "Uses Go, Rust, C daily."]) assert.ok(text.includes(side), text);
  }
  await written.close();
  await made.close();
});

test("the script and the page of a step agree on what a variable alone makes another", async () => {
  const address = buildSite({
    "handbook.yml": "shared: [{block: everyone, as: base}]\n",
    "content/_shared/everyone.md": "## Requirements\n- **Title.** Is a {{ role.title }}.\n- **Care.** Takes care.\n",
    "content/a.md": "---\ntitle: A\nroles: [{id: one, title: First}, {id: two, title: Second, extends: one}]\n---\n## Second\n### Requirements\n- **Care.** Takes *great* care.\n",
  });
  const written = await open(address("compare/a/two/one/index.html"), { javaScriptEnabled: false });
  const made = await open(`${address("compare/index.html")}?a=a/one&b=a/two`);
  await made.page.waitForSelector("#_compare .rows");
  assert.equal(await written.page.innerText(".lead"), "1 item changes, 1 stays as it is.");
  assert.equal(await made.page.innerText("#_compare .lead"), "1 item changes, 1 stays as it is.");
  await written.close();
  await made.close();
});

test("the way between two roles is told step by step, along ladders and across families", async () => {
  await both(choice(`${family}/junior`, "engineering/engineering-leadership/principal"), {}, async (page) => {
    await page.waitForSelector("ol.way");
    const steps = await page.locator("ol.way > li h3").allInnerTexts();
    assert.match(steps[0], /^From Junior Backend Engineer to Backend Engineer/);
    assert.match(steps.at(-1), /to Principal Engineer/);
    assert.match(await page.innerText("ol.way > li:first-child"), /Adds|Changes or raises/);
  });
});

test("levels that only the list puts one after the other make a way, which says so", async () => {
  const address = buildSite({ "content/a.md": "---\ntitle: A\nroles: [{id: one, title: First}, {id: two, title: Second}, {id: three, title: Third, extends: two}]\n---\n" });
  const { page, close } = await open(`${address("compare/index.html")}?a=a/one&b=a/three`);
  await page.waitForSelector("ol.way");
  assert.deepEqual(await page.locator("ol.way > li h3").allInnerTexts(), ["From First to Second", "From Second to Third"]);
  await page.getByText("Where the handbook writes down no step").waitFor();
  await page.goto(`${address("compare/index.html")}?a=a/two&b=a/three`);
  await page.getByText("One step, as it is compared above.").waitFor();
  assert.equal(await page.getByText("Where the handbook writes down no step").count(), 0);
  await close();
});

test("where no steps lead, the comparison says so and stays", async () => {
  const { page, close } = await open(onDisk("compare/index.html") + `?a=${family}/staff&b=${family}/junior`);
  await page.getByText("writes down no steps from the one to the other").waitFor();
  await page.getByRole("link", { name: "from Junior Backend Engineer to Staff Backend Engineer" }).click();
  await page.waitForSelector("ol.way");
  await close();
});

test("two roles are chosen by keyboard, on a phone too", async () => {
  for (const options of [{}, phone]) {
    const { page, heard, close } = await open(onDisk("compare/index.html"), options);
    await page.waitForSelector("form.choice");
    await page.locator("#_a-family").selectOption({ label: "Account Executive" });
    await page.locator("#_a").selectOption({ label: "Senior Account Executive" });
    await page.locator("#_b-family").selectOption({ label: "Product Management" });
    await page.locator("#_b").selectOption({ label: "Product Manager" });
    await page.locator("form.choice button").press("Enter");
    await page.getByRole("heading", { name: "From Senior Account Executive to Product Manager", exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.deepEqual(heard, []);
    await close();
  }
});

test("a role is compared with itself and a specialty", async () => {
  const { page, close } = await open(onDisk("compare/index.html") + `?a=${family}/senior&b=${encodeURIComponent(`${family}/senior+geo`)}`);
  await page.waitForSelector("#_compare .rows");
  assert.ok(await page.locator("#_compare .rows > .right").count());
  await close();
});

test("an address with ids that roles and families had, or with a plus as it is typed, is still understood", async () => {
  const address = buildSite({
    "content/new/f.md": "---\ntitle: F\naliases: [/old/f/]\nroles: [{id: a, title: First}, {id: b, title: Second, extends: a, aliases: [bb]}]\nspecialties: [{id: geo, title: Geo}]\n---\n",
  });
  for (const [query, said] of [["a=new/f/a&b=new/f/bb", "From First to Second"], ["a=old/f/a&b=old/f/bb", "From First to Second"], ["a=new/f/a&b=new/f/bb+geo", "From First to Second, Geo"]]) {
    const { page, close } = await open(`${address("compare/index.html")}?${query}`);
    await page.getByRole("heading", { name: said, exact: true }).waitFor();
    assert.equal(await page.inputValue("#_a"), "new/f/a");
    await close();
  }
});

test("an address that names no role is told, and roles can still be chosen", async () => {
  const { page, close } = await open(onDisk("compare/index.html") + `?a=${family}/nobody&b=${family}/senior`);
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /renamed or taken out/);
  assert.equal(await page.locator("form.choice").count(), 1);
  await close();
});

test("an address makes the page read no file but those of the roles in the list", async () => {
  for (const [a, b] of [["../../x/y", "../../x/z"], ["%2e%2e/%2e%2e/x/y", `${family}/senior`], ["engineering/../../../x/senior", "a/b"], ["../search-index/x", "__proto__/x"], [`${family}/constructor`, `${family}/senior`]]) {
    const { page, asked, heard, close } = await open(`${server.address}compare/index.html?a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`);
    await page.getByRole("alert").waitFor();
    const read = asked.map((url) => url.slice(server.address.length)).filter((path) => path.endsWith(".js") && !path.startsWith("assets/"));
    assert.deepEqual(read.filter((path) => path !== "compare/roles.js" && path !== `compare/${family}.js`), [], `${a} ${b}`);
    assert.deepEqual(heard, []);
    await close();
  }
});

test("a role that cannot be read is told by its id, whatever its name and whatever its file holds", async () => {
  const { page, close } = await open("about:blank");
  const told = async (a) => {
    await page.goto(server.address + choice(a, `${family}/senior`));
    return page.getByRole("alert").innerText();
  };
  for (const gone of ["engineering/old-family/senior", `${family}/constructor`, `${family}/gone`]) assert.match(await told(gone), new RegExp(`nothing to read of ${gone}\\. `));
  await page.route(`**/compare/${family}.js`, (route) => route.fulfill({ contentType: "text/javascript", body: "0;" }));
  assert.match(await told(`${family}/staff`), /nothing to read of engineering\/backend-engineering\//);
  await close();
});

test("on a phone the table of the map is read line by line, each part with its name", async () => {
  const { page, close } = await open(onDisk(`map/${family}/index.html`), { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  const wide = await page.locator(".wide:has(> .ways)").evaluate((section) => section.scrollWidth - section.clientWidth);
  assert.equal(wide, 0);
  const row = page.locator(".ways tr").filter({ has: page.locator("th a", { hasText: /^Senior Backend Engineer$/ }) });
  assert.match(await row.innerText(), /^Senior Backend Engineer\s+Grade 7\s+One comes from .*Backend Engineer.*\s+One goes to .*Staff Backend Engineer/s);
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal(await row.locator(".of").first().isVisible(), false);
  await close();
});

test("on the map every role can be reached by keyboard, and shows its ways in and out", async () => {
  await both(`map/${family}/index.html`, { javaScriptEnabled: false }, async (page) => {
    const role = page.locator("svg .role:not(.aside)").filter({ hasText: "Senior Backend" }).first();
    const way = role.locator(":scope > .way").first();
    assert.equal(await way.evaluate((path) => getComputedStyle(path).display), "none");
    await role.locator("a").focus();
    assert.notEqual(await way.evaluate((path) => getComputedStyle(path).display), "none");
    const reached = new Set();
    await page.locator(".map").focus();
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement?.closest("svg .role a")?.id ?? ""));
    }
    const all = await page.locator("svg .role a").evaluateAll((roles) => roles.map((r) => r.id));
    assert.deepEqual(all.filter((id) => !reached.has(id)), []);
    await page.keyboard.press("Shift+Tab");
  });
});

test("higher grades stand higher, and the table says what the map says", async () => {
  for (const map of ["map/index.html", "map/engineering/index.html", `map/${family}/index.html`]) {
    const { page, close } = await open(onDisk(map), { javaScriptEnabled: false });
    const grades = await page.locator(".axis .grade").allTextContents();
    const numbers = grades.filter((g) => g !== "none").map(Number);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
    const drawn = await page.locator("svg .role:not(.aside) a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
    const told = new Set(await page.locator("table.ways th[scope=row] a").evaluateAll((links) => links.map((a) => a.getAttribute("href"))));
    assert.ok(drawn.length > 3);
    assert.deepEqual(drawn.filter((href) => !told.has(href)), []);
    await close();
  }
});

test("a link to a role on the map shows the whole role, beside the grades and below the families", async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 800, height: 500 }, phone.viewport]) {
    const { page, close } = await open(onDisk("map/index.html"), { viewport, javaScriptEnabled: false });
    const all = await page.locator(".career .role a").evaluateAll((roles) => roles.map((role) => role.id));
    for (const id of all.filter((_, i) => i % 5 === 0)) {
      await page.goto(`${onDisk("map/index.html")}#${encodeURIComponent(id)}`);
      const { role, heads, axis, map, lanes } = await page.evaluate((id) => {
        const place = (element) => element.getBoundingClientRect().toJSON();
        const rect = document.getElementById(id).querySelector("rect");
        return { role: place(rect), heads: place(document.querySelector(".families")), axis: place(document.querySelector(".axis")), map: place(document.querySelector(".map")), lanes: [".axis", ".career"].map((part) => place(document.querySelector(part)).top) };
      }, id);
      assert.equal(lanes[0], lanes[1]);
      assert.ok(role.left >= axis.right - 1 && role.right <= map.right + 1, `${id}: ${role.left} to ${role.right}, beside ${axis.right}`);
      assert.ok(role.top >= heads.bottom - 1 && role.bottom <= viewport.height + 1, `${id}: ${role.top}, below ${heads.bottom}`);
    }
    await close();
  }
});

test("a role's page leads to the role on the map, with the families above it in sight", async () => {
  const { page, close } = await open(onDisk(`${family}/senior/index.html`), { viewport: { width: 1280, height: 700 } });
  await page.getByRole("link", { name: "On the career map" }).click();
  await page.waitForFunction(() => document.querySelector(".families").getBoundingClientRect().top >= 0 && document.querySelector(".families").getBoundingClientRect().top < 100);
  assert.ok(await page.locator(".career :target rect").evaluate((rect) => rect.getBoundingClientRect().bottom < innerHeight && rect.getBoundingClientRect().top > 0));
  await close();
});

test("the map is as large as the text, and on a phone it begins with roles", async () => {
  const { page, close } = await open(onDisk("map/index.html"), phone);
  const seen = await page.evaluate(() => {
    const map = document.querySelector(".map").getBoundingClientRect();
    return [...document.querySelectorAll(".career .role rect")].filter((role) => {
      const { top, right } = role.getBoundingClientRect();
      return top < innerHeight && top > map.top && right < map.right;
    }).length;
  });
  assert.ok(seen > 0, "the first screen shows no role");
  const width = () => page.locator(".career .role rect").first().evaluate((rect) => rect.getBoundingClientRect().width);
  const before = await width();
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await page.reload();
  assert.ok(Math.abs(await width() - 2 * before) < 2);
  await close();
});

test("no way on the map runs behind a role, and none ends where another begins to go on", async () => {
  for (const map of ["map/index.html", "map/engineering/index.html", `map/${family}/index.html`]) {
    const { page, close } = await open(onDisk(map));
    const faults = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll(".career .role")].map((role) => [role.querySelector("text").textContent, role.querySelector("rect").getBBox()]);
      const ways = [...document.querySelectorAll(".ways .way")].map((way) => {
        const length = way.getTotalLength();
        const at = (share) => way.getPointAtLength(length * share);
        return { points: Array.from({ length: 101 }, (_, i) => at(i / 100)), moves: way.matches(".move"), start: at(0), end: at(1) };
      });
      const inside = ({ x, y }, box, edge) => x > box.x + edge && x < box.x + box.width - edge && y > box.y + edge && y < box.y + box.height - edge;
      const faults = ways.flatMap((way) => boxes.filter(([, box]) => way.points.some((point) => inside(point, box, 1))).map(([title]) => `behind ${title}`));
      const near = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < 12;
      for (const one of ways) for (const other of ways) if (one !== other && near(one.end, other.start)) faults.push(`one ends where another begins, at ${one.end.x} ${one.end.y}`);
      return faults;
    });
    assert.deepEqual(faults, [], map);
    await close();
  }
});

test("the titles on the map stay within their frames", async () => {
  const { page, close } = await open(onDisk("map/index.html"));
  const wide = await page.locator(".career .role").evaluateAll((roles) => roles.flatMap((role) => {
    const [text, rect] = [role.querySelector("text").getBBox(), role.querySelector("rect").getBBox()];
    return text.x < rect.x || text.x + text.width > rect.x + rect.width || text.y + text.height > rect.y + rect.height ? [role.id] : [];
  }));
  assert.deepEqual(wide, []);
  await close();
});

test("the index of items leads from a label to the item on a role's page", async () => {
  const { page, close } = await open(onDisk("requirements/index.html"), { javaScriptEnabled: false });
  await page.getByRole("navigation", { name: "Letters" }).getByRole("link", { name: "M", exact: true }).click();
  const entry = page.locator(".letter div").filter({ has: page.locator("dt", { hasText: /^Mentoring/ }) }).first();
  const link = entry.locator("dd a").filter({ hasText: "Senior Backend Engineer" });
  assert.equal(await link.count(), 1);
  await link.click();
  assert.equal(page.url(), `${onDisk(`${family}/senior/index.html`)}#responsibilities.mentoring`);
  assert.match(await page.locator("li:target").innerText(), /^Mentoring/);
  await close();
});

test("what many roles have is told on a page of its own, and shared blocks too", async () => {
  const { page, close } = await open(onDisk("requirements/index.html"), { javaScriptEnabled: false });
  await page.getByRole("link", { name: "every role" }).first().click();
  assert.ok(await page.locator(".who li").count() >= 8);
  await page.goBack();
  const blocks = page.locator("section").filter({ has: page.locator("#_blocks") });
  assert.match(await blocks.innerText(), /Ten reasons/);
  await close();
});

test("families and roles by grade are grouped by department, with their number", async () => {
  const { page, close } = await open(onDisk("grades/index.html"), { javaScriptEnabled: false });
  const table = page.locator("table.grades").first();
  assert.ok(await table.locator("th[scope=rowgroup]").count() >= 3);
  const counts = (await table.locator("tfoot td").allInnerTexts()).map(Number);
  const links = await table.locator("tbody td p").count();
  assert.equal(counts.reduce((a, b) => a + b, 0), links);
  await close();
});

test("the pages have no fault that axe knows, in light on a wide screen and in dark on a phone", async () => {
  const entry = ["security-basics", "shared-record"].map((key) => `requirements/responsibilities/${key}/index.html`).find((file) => existsSync(join(root, file)));
  const pages = ["compare/index.html", far, step, "map/index.html", `map/${family}/index.html`, "requirements/index.html", entry, "grades/index.html"];
  for (const [colorScheme, viewport] of [["light", { width: 1280, height: 900 }], ["dark", phone.viewport]]) {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    const faults = [];
    for (const address of pages) {
      await page.goto(server.address + address);
      if (address.startsWith("compare/index")) await page.waitForSelector(address.includes("?") ? "#_compare .rows" : "form.choice");
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      faults.push(...violations.map((v) => `${address}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(" | ")}`));
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(`${address}: wider than the window`);
    }
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test("both sides of a comparison are on paper, and each says whose it is", async () => {
  await both(step, {}, async (page) => {
    await page.emulateMedia({ media: "print" });
    const row = page.locator(".rows .changed").first();
    for (const side of [".from", ".to"]) assert.equal(await row.locator(side).isVisible(), true, side);
  });
  await both(choice(`${family}/staff`, `${family}/junior`), {}, async (page) => {
    await page.waitForSelector("#_compare .rows");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".rows .left .from").first().isVisible(), true);
  });
});

test("the pages print, and the map fits the paper", async () => {
  const { page, close } = await open(onDisk(`map/${family}/index.html`));
  for (const file of [`map/${family}/index.html`, step, "requirements/index.html"]) {
    await page.goto(onDisk(file));
    const paper = await page.pdf({ format: "A4" });
    assert.equal(paper.subarray(0, 5).toString(), "%PDF-", file);
  }
  // A map of many families is told in pieces; each role is on one of them, in letters that can be read.
  await page.setViewportSize({ width: 660, height: 1000 });
  await page.goto(onDisk("map/index.html"));
  await page.emulateMedia({ media: "print" });
  const sheets = await page.locator(".sheet").evaluateAll((all) => all.map((sheet) => ({ right: sheet.getBoundingClientRect().right, scale: sheet.getBoundingClientRect().width / sheet.viewBox.baseVal.width, columns: sheet.querySelector("svg").viewBox.baseVal.width })));
  assert.ok(sheets.length > 1 && sheets.every(({ right, scale }) => right <= 660 && scale * 13.5 >= 10), JSON.stringify(sheets));
  // What is drawn once more looks as it does on the screen: roles are outlines on the ground, and ways are lines.
  for (const sheet of await page.locator(".sheet").all()) {
    const dark = await darkness(page, await sheet.screenshot());
    assert.ok(dark > 0.005 && dark < 0.1, `${dark} of a sheet is dark`);
  }
  assert.equal(sheets.reduce((sum, { columns }) => sum + columns, 0), await page.locator(".career").evaluate((svg) => svg.viewBox.baseVal.width));
  await close();
});

test("on paper no line of the map is cut, and that some are left out is said where it is so", async () => {
  for (const [map, isCut] of [["map/index.html", true], [`map/${family}/index.html`, true], ["map/sales/account-executive/index.html", false]]) {
    const { page, close } = await open(onDisk(map));
    const said = page.getByText("are not drawn on paper");
    const faults = () => page.evaluate(() => {
      const strips = [...document.querySelectorAll(".sheet svg")].map((strip) => strip.viewBox.baseVal);
      const strip = (x) => strips.findIndex((box) => x >= box.x && x < box.x + box.width);
      const drawn = [...document.querySelectorAll(".ways .way")].filter((way) => getComputedStyle(way).display !== "none");
      return drawn.filter((way) => strip(way.getPointAtLength(0).x) !== strip(way.getPointAtLength(way.getTotalLength()).x)).length;
    });
    assert.equal(await said.count(), isCut ? 1 : 0, map);
    assert.equal((await faults()) > 0, isCut, "on the screen all are drawn");
    if (isCut) assert.equal(await said.isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assert.equal(await faults(), 0, map);
    if (isCut) assert.equal(await said.isVisible(), true);
    await close();
  }
});

test("on paper the head of a table and of a group stays with the first row", async () => {
  for (const file of ["map/index.html", "grades/index.html"]) {
    const { page, close } = await open(onDisk(file));
    await page.emulateMedia({ media: "print" });
    const heads = await page.locator("h2, thead, tr:has(> [scope=rowgroup])").evaluateAll((all) => all.map((head) => getComputedStyle(head).breakAfter));
    assert.ok(heads.length > 3);
    assert.deepEqual([...new Set(heads)], ["avoid"]);
    await close();
  }
});

/** How much the right edge of what scrolls differs in brightness from the ground, in a place where nothing stands. */
async function shade(page, selector) {
  const box = await page.locator(selector).first().boundingBox();
  const png = await page.screenshot({ clip: { x: box.x + box.width - 24, y: box.y + box.height - 8, width: 24, height: 4 } });
  return page.evaluate(async (address) => {
    const image = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const bright = (x) => canvas.getImageData(x, 1, 1, 1).data[1];
    return Math.abs(bright(image.width - 1) - bright(0));
  }, `data:image/png;base64,${png.toString("base64")}`);
}

test("what goes on behind the edge of a table or the map lies in shade there, and the end of it does not", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const [file, selector, viewport] of [["grades", ".wide:has(table)", phone.viewport], ["map", ".map", { width: 1280, height: 860 }]]) {
      const { page, close } = await open(onDisk(`${file}/index.html`), { viewport, colorScheme });
      const scrolled = page.locator(selector).first();
      await scrolled.evaluate((wide) => wide.scrollIntoView({ block: "end" }));
      assert.ok(await shade(page, selector) > 20, `${selector}, ${colorScheme}`);
      await scrolled.evaluate((wide) => wide.scrollTo({ left: wide.scrollWidth, top: wide.scrollTop }));
      assert.equal(await shade(page, selector), 0, `${selector} at its end, ${colorScheme}`);
      for (const look of [{ media: "print" }, { media: "screen", forcedColors: "active" }]) {
        await page.emulateMedia(look);
        assert.equal(await scrolled.evaluate((wide) => getComputedStyle(wide).backgroundImage), "none");
      }
      await close();
    }
  }
});
