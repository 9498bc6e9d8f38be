// Whatever a page says by itself comes from strings.yml. A site is built whose content is Greek and whose strings are all
// marks such as ⟦grade⟧; a Latin letter that is left anywhere was written into the program.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSite, openBrowser } from "./site.mjs";

/** All names with their English texts, as the docs list them. */
function documented() {
  const docs = readFileSync(new URL("../../docs/templates.md", import.meta.url), "utf8");
  const [texts, counted] = docs.slice(docs.indexOf("## Strings")).split("These tell a number");
  return { texts: [...texts.matchAll(/^\| `([a-z_]+)` \| (.*) \|$/gm)], counted: [...counted.matchAll(/^\| `([a-z_]+)` \|/gm)] };
}

function marks() {
  const { texts, counted } = documented();
  assert.ok(texts.length > 150 && counted.length > 10);
  const mark = (name, english) => `⟦${name}⟧${english.match(/\{\}/g)?.map((_, i, all) => `{${all.length - i}}`).join(" · ") ?? ""}`;
  const lines = texts.map(([, name, english]) => `${name}: "${name === "months" ? Array(12).fill("⟦months⟧").join(", ") : mark(name, english)}"`);
  return [...lines, ...counted.map(([, name]) => `${name}: {one: "⟦${name}.one⟧{}", other: "⟦${name}.other⟧{}"}`)].join("\n");
}

const settings = `
title: Εγχειρίδιο
description: Όλοι οι ρόλοι.
lang: el
base_url: https://example.org/
links: {edit: "https://example.org/{path}#L{line}"}
footer: [{title: Άλλο, url: https://example.org/}]
grade_scales: {sales: {grades: [1, 2, 3], title: Κλίμακα}}
tracks: [{id: ic, title: Ειδικοί}, {id: management, title: Στελέχη}]
departments: {b: {title: Δεύτερο, grade_scale: sales}, empty: {title: Κενό}, a/c: {title: Κάτω}}
sections:
  responsibilities: {title: Έργο}
  requirements: {title: Προσόντα}
  nice-to-haves: {title: Καλό}
  performance-indicators: {title: Δείκτες}
  hiring-process: {title: Πρόσληψη}
  career-ladder: {title: Πορεία}
  job-grade: {title: Βαθμός}
shared:
  - {block: base, as: base}
  - {block: end}
`;

const family = (title, more = "", roles = "") => `---
title: ${title}
description: Μία πρόταση.
owner: "@ομάδα"
aliases: [/παλιά/${title}/]
ladder: [b/two]
roles:
  - {id: low, title: ${title} α, grade: 4, level: Αρχή, reports_to: κάποιος, requirements: ["**Πρώτο.** Ένα δύο τρία τέσσερα.", "**Φεύγει.** Ένα."]}
  - {id: mid, title: ${title} β, grade: [5, 6], extends: low, next: [b/two], responsibilities: ["Ένα."], requirements: ["**Πρώτο.** Ένα δύο τρία πέντε.", "~~**Φεύγει.**~~ Δεν χρειάζεται.", "**Νέο.** Κάτι."]}
  - {id: high, title: ${title} γ, grade: {none: "εκτός κλίμακας"}, extends: mid, track: management, hiring_process: ["Ένα", "Δύο"]}
  - {id: either, title: ${title} δ, grade: 7, extends_any: [mid, high], next: [low]}
  - {id: limited, title: ${title} ε, grade: 7, extends: [{role: mid, only: [requirements, responsibilities]}, low], track: management}
  - {id: old, title: ${title} ζ, grade: 5, status: deprecated, replaced_by: mid}
  - {id: new, title: ${title} η, grade: 8, status: draft, extends: mid}
${roles}
specialties:
  - {id: geo, title: Γη, roles: [mid, high], reports_to: άλλος, requirements: ["**Χάρτης.** Ένα."]}
---

Κείμενο με σημείωση.[^1]

[^1]: Η σημείωση.

> [!NOTE]
> Κάτι.

> [!TIP]
> Κάτι.

> [!IMPORTANT]
> Κάτι.

> [!WARNING]
> Κάτι.

> [!CAUTION]
> Κάτι.

- [x] έτοιμο
${more}`;

const files = {
  "handbook.yml": settings,
  "strings.yml": marks(),
  "content/index.md": "---\ntitle: Εγχειρίδιο\n---\n\nΚαλωσήρθατε.\n",
  "content/page.md": "---\ntitle: Σελίδα\ndescription: Κάτι.\n---\n\nΚείμενο.\n",
  "content/_shared/base.md": "---\ntitle: Κοινά\n---\n\n## Προσόντα\n\n- **Γλώσσα.** Ένα δύο.\n",
  "content/_shared/end.md": "---\ntitle: Εταιρεία\n---\n\nΚείμενο.\n",
  "content/a/index.md": "---\ntitle: Πρώτο\n---\n",
  "content/a/one.md": family("Ένα", "\n## Πορεία\n\nΚείμενο.\n"),
  "content/a/c/three.md": family("Τρία").replace("- {id: old", "- {id: instead, title: Άλλο, grade: 6, extends: low}\n  - {id: old"),
  "content/b/two.md": "---\ntitle: Δύο\nroles:\n  - {id: only, title: Ένας, grade: 1}\n---\n",
  "content/empty/index.md": "---\ntitle: Κενό\n---\n",
};

/** Everything that a page says, whether it is seen or heard, and what is no mark and has a Latin letter. */
const latin = (page) => page.evaluate(() => {
  const said = [document.title];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // With scripts, what stands for those without is no page but its source.
    if (!node.parentElement.closest("script, style, noscript > style") && !node.parentElement.matches("noscript")) said.push(node.data);
  }
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "label", "aria-description", "aria-roledescription"]) said.push(element.getAttribute(name) ?? "");
    if (element.matches("meta[name=description], meta[property='og:title'], meta[property='og:description']")) said.push(element.content);
    for (const pseudo of ["::before", "::after", "::marker"]) {
      const { content } = getComputedStyle(element, pseudo);
      if (content.includes('"')) said.push(...content.match(/"[^"]*"/g));
    }
  }
  return said.map((text) => text.replace(/⟦[^⟧]*⟧/g, "").replace(/https:\/\/\S+/g, "").replace(/<\/?p>/g, "").trim()).filter((text) => /[a-z]/i.test(text));
});

let browser, at, all, context, page;
before(async () => {
  browser = await openBrowser();
  at = buildSite(files, "--drafts");
  all = readdirSync(fileURLToPath(at("")), { recursive: true }).filter((file) => file.endsWith(".html"));
  context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
});
after(async () => { await browser?.close(); });

test("no page of any kind says a word of its own", async () => {
  assert.ok(all.length > 40, `only ${all.length} pages`);
  const found = [];
  const text = (file) => readFileSync(fileURLToPath(at(file)), "utf8");
  // A redirect leads on before it can be looked at.
  const leadsOn = (file) => text(file).includes('http-equiv="refresh"');
  for (const file of all.filter(leadsOn)) found.push(...(text(file).replace(/⟦[^⟧]*⟧|<[^>]*>/g, "").match(/[a-z]+/gi) ?? []).map((word) => `${file}: ${word}`));
  const still = await browser.newContext({ javaScriptEnabled: false });
  for (const [name, look] of [["without scripts", await still.newPage()], ["with scripts", page]]) {
    for (const file of all.filter((file) => !leadsOn(file))) {
      await look.goto(at(file));
      found.push(...(await latin(look)).map((text) => `${file}, ${name}: ${text}`));
    }
  }
  await still.close();
  assert.deepEqual([...new Set(found)].slice(0, 30), []);
});

test("nor does the comparison of any two roles, the way between them, or what cannot be compared", async () => {
  const cases = ["?a=a/one/low&b=a/one/high", "?a=a/one/low&b=a/one/mid", "?a=a/one/mid&b=a/one/mid", "?a=a/one/mid&b=b/two/only", "?a=b/two/only&b=a/one/mid", "?a=a/one/mid%2Bgeo&b=a/c/three/low", "?a=b/two/only&b=a/one/either", "?b=a/one/mid", ""];
  for (const query of cases) {
    await page.goto(at("compare/index.html") + query);
    await page.waitForSelector("form.choice");
    if (query.includes("a=")) await page.waitForSelector("#_result");
    assert.deepEqual(await latin(page), [], query);
  }
  await page.goto(at("compare/index.html") + "?a=ουδέν/ένα&b=a/one/mid");
  await page.waitForSelector("[role=alert]");
  assert.deepEqual(await latin(page), []);
  assert.match(await page.locator("[role=alert]").innerText(), /⟦nothing_to_compare⟧/);
});

test("nor does the search, a list that is narrowed, or a link that was copied", async () => {
  await page.goto(at("index.html"));
  await page.keyboard.press("/");
  await page.waitForSelector("dialog.search[open]");
  assert.deepEqual(await latin(page), []);
  for (const [typed, status] of [["Ένα", /⟦results.other⟧\d+/], ["Σελίδα", /⟦results.one⟧1/], ["χχχχχ", /⟦nothing_found⟧/]]) {
    await page.fill("#_search-input", typed);
    await page.waitForFunction((wanted) => new RegExp(wanted).test(document.querySelector("#_search-status").textContent), status.source);
    assert.deepEqual(await latin(page), [], typed);
  }
  await page.goto(at("a/index.html"));
  await page.locator("select[name=grade]").selectOption("4");
  assert.match(await page.locator("output").innerText(), /⟦shown⟧/);
  assert.deepEqual(await latin(page), []);
  await page.goto(at("a/one/mid/index.html"));
  await page.locator("main li[id] .mark").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".mark[data-said]");
  assert.deepEqual(await latin(page), []);
});

test("a site without roles, and one with so many steps that the choice of roles leads to departments, say nothing either", async () => {
  const bare = { "handbook.yml": settings.replace(/shared:[^]*|departments:.*/g, ""), "strings.yml": files["strings.yml"], "content/index.md": files["content/index.md"] };
  const roles = Array.from({ length: 205 }, (_, i) => `  - {id: r${i}, title: Ρόλος ${i}, grade: 1${i ? `, extends: r${i - 1}` : ', requirements: ["**Πρώτο.** Ένα."]'}}`).join("\n");
  const many = { ...bare, "content/b/index.md": "---\ntitle: Δεύτερο\n---\n", "content/b/two.md": `---\ntitle: Δύο\nroles:\n${roles}\n---\n` };
  for (const [name, site] of Object.entries({ bare, many })) {
    const place = buildSite(site);
    const some = readdirSync(fileURLToPath(place("")), { recursive: true }).filter((file) => file.endsWith(".html") && !/two\/r\d\d/.test(file));
    for (const file of some) {
      await page.goto(place(file));
      assert.deepEqual(await latin(page), [], `${name}: ${file}`);
    }
  }
});

test("numbers take the forms of the language, the same on pages and in scripts", async () => {
  const forms = ["zero", "one", "two", "few", "many", "other"];
  for (const lang of ["ar", "pl", "cs", "lv", "he", "ja", "fr"]) {
    const counted = `{${forms.map((form) => `${form}: "${form} {}"`).join(", ")}}`;
    const families = Object.fromEntries([1, 2, 3, 5, 11, 21].map((n) => {
      const roles = Array.from({ length: n }, (_, i) => `  - {id: r${i}, title: Name ${n}-${i}, grade: 1}`).join("\n");
      return [`content/d${n}/f.md`, `---\ntitle: F${n}\nroles:\n${roles}\n---\n`];
    }));
    const place = buildSite({ "handbook.yml": `lang: ${lang}\n`, "strings.yml": `count_roles: ${counted}\nresults: ${counted}\nitems_same: ${counted}\n`, ...families });
    const rules = new Intl.PluralRules(lang);
    for (const n of [1, 2, 3, 5, 11, 21]) {
      await page.goto(place(`d${n}/index.html`));
      const text = await page.locator(".counts").innerText();
      assert.ok(text.endsWith(`${rules.select(n)} ${n}`), `${lang}, ${n}: ${text}`);
    }
    await page.goto(place("compare/index.html") + "?a=d1/f/r0&b=d2/f/r0");
    await page.waitForSelector("#_result");
    assert.ok((await page.locator("#_compare .lead").innerText()).includes(`${rules.select(0)} 0`), lang);
    await page.keyboard.press("/");
    await page.waitForSelector("dialog.search[open]");
    await page.fill("#_search-input", "F3");
    await page.waitForFunction(() => /\d/.test(document.querySelector("#_search-status").textContent));
    const [form, number] = (await page.locator("#_search-status").innerText()).split(" ");
    assert.equal(form, rules.select(Number(number)), `${lang}, ${number}`);
  }
});
