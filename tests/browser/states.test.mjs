// What a handbook may come to: long titles and words, thirty specialties, a role with eighty items, twenty levels, an empty
// department, a role that is given up. Each fits a narrow screen and a wide one, and has no fault that axe knows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { buildSite, openBrowser } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const long = "Senior Principal Distributed Infrastructure Reliability Programme Manager for Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaften";
const many = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join("\n");
const items = (count, from = 0) => `[${Array.from({ length: count }, (_, i) => `"**Area ${from + i}.** Keeps decisions and the reasons for them where others can read them."`).join(", ")}]`;

const files = {
  "handbook.yml": "title: A handbook of states\n",
  "content/empty/index.md": "---\ntitle: Empty\n---\n",
  "content/eng/long.md": `---
title: ${long}
roles:
  - {id: a, title: "${long} I", grade: 7, reports_to: "${long}", requirements: ["**${long}.** Knows it."]}
  - {id: b, title: "${long} II", grade: [8, 9], extends: a, requirements: ["**${long}.** Knows all of it."]}
---
`,
  "content/eng/many.md": `---
title: Many
roles:
  - {id: mid, title: Engineer, grade: 5, responsibilities: ${items(40)}, requirements: ${items(40, 40)}}
  - {id: senior, title: Senior Engineer, grade: 6, extends: mid, requirements: ["**Area 41.** Teaches it.", "~~**Area 42.**~~ No longer needed."]}
  - {id: old, title: Old Engineer, grade: 5, status: deprecated, replaced_by: mid}
specialties:
${many(30, (i) => `  - {id: s${i}, title: Specialty ${i}${i % 7 ? "" : " with a rather long name"}, roles: [mid, senior], requirements: ["**Field ${i}.** Knows it."]}`)}
---
`,
  "content/eng/levels.md": `---
title: Levels
roles:
  - {id: l1, title: Level 1, grade: 1, requirements: ${items(12)}}
${many(19, (i) => `  - {id: l${i + 2}, title: Level ${i + 2}, grade: ${i + 2}, extends: l${i + 1}, requirements: ["**Area ${i % 12}.** Does at level ${i + 2} what was done before, alone."]}`)}
---
`,
};
const pages = ["empty", "eng", "eng/long", "eng/long/b", "compare/eng/long/b/a", "map/eng/long", "eng/many", "eng/many/senior", "eng/many/senior/s7", "eng/many/old", "eng/levels", "eng/levels/l20", "map/eng", "grades", "requirements"];

let browser, at;
before(async () => { browser = await openBrowser(); at = buildSite(files); });
after(async () => { await browser?.close(); });

for (const width of [320, 1280]) {
  test(`every state fits ${width} pixels, folded and unfolded, and axe finds no fault`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: width < 500 ? "dark" : "light" });
    const page = await context.newPage();
    const faults = [];
    for (const name of pages) {
      await page.goto(at(`${name}/index.html`));
      for (const state of ["folded", "unfolded"]) {
        if (state === "unfolded") await page.evaluate(() => document.querySelectorAll("main details").forEach((d) => { d.open = true; }));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) faults.push(`${name}, ${state}: ${wide} pixels wide`);
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      faults.push(...violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 100)).slice(0, 2).join(" | ")}`));
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("a list of contents without entries is left out, and thirty specialties are folded away", async () => {
  const page = await browser.newPage();
  await page.goto(at("eng/many/old/index.html"));
  assert.equal(await page.locator(".toc").count(), 0);
  await page.goto(at("eng/many/senior/index.html"));
  assert.equal(await page.locator(".choose li").first().isVisible(), false);
  await page.goto(at("empty/index.html"));
  assert.ok(await page.getByText("Nothing has been written here yet.").isVisible());
  await page.close();
});

// What authors write must be there to read, whatever it looks like to the style sheet.
const written = {
  "handbook.yml": "title: A handbook of words\n",
  "content/notes.md": "---\ntitle: Notes\n---\n> [!NOTE]\n> Read this on paper, and [that](people.md).\n\n> [!TIP]\n> And this.\n",
  "content/people.md": "---\ntitle: People\n---\nWords.\n",
  "content/eng/a.md": `---
title: A
roles:
  - {id: one, title: One, grade: 5}
  - {id: two, title: Two, grade: 6, extends: one}
---
## One

### Requirements

- **Tools.** Knows <b>Rust</b>, <b>C</b> and Go.
- **Law.** Knows it.

### Responsibilities

- **Review.** Reviews.
- **Rota.** Takes part.

## Two

### Requirements

- **Tools.** Teaches <b>Rust</b>.

### Responsibilities

*Instead of the inherited list:*

- **Plan.** Plans.
- **Review.** Reviews plans.
`,
  "content/sales/b.md": `---
title: B
roles:
  - {id: maker, title: Maker, grade: 5, requirements: [Makes]}
  - {id: head, title: Head, grade: 8, track: management, requirements: [Leads]}
---
`,
};

test("alerts are printed, notes too", async () => {
  const page = await browser.newPage();
  await page.goto(buildSite(written)("notes/index.html"));
  const colour = () => page.locator(".alert").evaluateAll((alerts) => alerts.map((alert) => getComputedStyle(alert).color));
  assert.equal(new Set(await colour()).size, 1);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.getByText("Read this on paper").isVisible());
  assert.ok(await page.getByText("And this.").isVisible());
  await page.close();
});

test("words that authors made bold stand in the table of levels, on a wide screen and a narrow one", async () => {
  const page = await browser.newPage();
  await page.goto(buildSite(written)("eng/a/index.html"));
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.locator(".matrix").evaluate((matrix) => { matrix.open = true; });
    const row = page.locator(".levels tr", { has: page.getByRole("rowheader", { name: "Tools" }) });
    assert.match((await row.locator("td").first().innerText()).replaceAll("\n", " "), /Knows Rust, C and Go\./, `at ${width}`);
  }
  await page.close();
});

test("a list instead of the inherited one says so, and tells what is not asked any more", async () => {
  const at = buildSite(written);
  const page = await browser.newPage();
  await page.goto(at("eng/a/two/index.html"));
  const list = page.locator("section.list", { has: page.getByRole("heading", { name: "Responsibilities" }) });
  assert.ok(await list.getByText("Instead of the inherited list.").isVisible());
  assert.deepEqual(await list.locator("ul.gone > li summary").allInnerTexts(), ["Rota"]);
  await page.goto(at("eng/a/index.html"));
  await page.locator(".matrix > summary").click();
  const row = page.locator(".levels tr", { has: page.getByRole("rowheader", { name: "Rota" }) });
  assert.match(await row.locator("td.changed").innerText(), /not asked any more/i);
  await page.close();
});

test("what is chosen together on the home page must hold of one role", async () => {
  const page = await browser.newPage();
  await page.goto(buildSite(written)("index.html"));
  const shown = () => page.locator(".entry li:visible").allInnerTexts();
  await page.getByLabel("Grade").selectOption("8");
  await page.getByLabel("Track").selectOption("Managers");
  assert.deepEqual(await shown(), ["B"]);
  await page.getByLabel("Grade").selectOption("5");
  assert.deepEqual(await shown(), []);
  await page.close();
});

test("words in the table of roles are not broken on a phone", async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const many = written["content/eng/a.md"].replace("title: One,", 'title: "Infrastructure Engineering Manager, Reliability",').replace("## One", "## Infrastructure Engineering Manager, Reliability");
  await page.goto(buildSite({ ...written, "content/eng/a.md": many })("eng/a/index.html"));
  const cut = await page.locator(".roles th[scope=row] a").first().evaluate((link) => {
    const text = link.firstChild;
    const top = (at) => { const range = document.createRange(); range.setStart(text, at); range.setEnd(text, at + 1); return range.getBoundingClientRect().top; };
    return [...text.data.matchAll(/\w+/g)].filter(({ 0: word, index }) => Math.abs(top(index) - top(index + word.length - 1)) > 4).map(([word]) => word);
  });
  assert.deepEqual(cut, []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390));
  await page.close();
});

test("on paper a table of many columns lies beside nothing and ends within the sheet, and grades stand on a wide one", async () => {
  const heads = ["Area", "Associate", "Intermediate", "Senior", "Staff", "Principal", "Distinguished", "Manager", "Director"];
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const table = [row(heads), row(heads.map(() => "---")), row(heads.map(() => "Explains decisions in writing"))].join("\n");
  const at = buildSite({ "content/a.md": `---\ntitle: A\nroles: [{id: one, title: One, grade: 5}]\n---\n## One\n### Responsibilities\n${many(12, (i) => `- Point ${i}.`)}\n### Requirements\n${table}\n\n${many(30, (i) => `- Item ${i}.`)}\n` });
  const page = await browser.newPage({ viewport: { width: 660, height: 930 } });
  await page.goto(at("a/one/index.html"));
  await page.emulateMedia({ media: "print" });
  const { right, covered } = await page.evaluate(() => {
    const place = document.querySelector("main table").getBoundingClientRect();
    const items = [...document.querySelectorAll("main li")].map((item) => item.getBoundingClientRect());
    const over = (a) => a.left < place.right && a.right > place.left && a.top < place.bottom && a.bottom > place.top;
    return { right: place.right, covered: items.filter(over).length };
  });
  assert.ok(right <= 660, `${right} of 660 pixels`);
  assert.equal(covered, 0);
  await page.goto(at("grades/index.html"));
  const paper = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  const [, width, height] = paper.match(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/).map(Number);
  assert.ok(width > height, `${width} by ${height}`);
  await page.close();
});
