// Every page is valid and at one with itself.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { pages, root } from "./site.mjs";

// The rules about how HTML is laid out in the file and how long titles are say nothing of what browsers and people get.
const config = {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: { "long-title": "off", "no-trailing-whitespace": "off", "require-sri": "off" },
};

test("every page is valid HTML", async () => {
  const validator = new HtmlValidate(new FileSystemConfigLoader(config));
  const faults = [];
  for (const page of [...pages(), ...redirects()]) {
    const report = await validator.validateString(readFileSync(join(root, page), "utf8"), join(root, page));
    for (const result of report.results) {
      faults.push(...result.messages.map((m) => `${page}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
    }
  }
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
});

function redirects() {
  const all = readdirSync(root, { recursive: true }).filter((file) => file.endsWith(".html"));
  const known = new Set(pages());
  return all.filter((file) => !known.has(file));
}

test("no page has a script, a style or a handler of its own, and what it is stands in it as data", () => {
  for (const page of pages()) {
    const html = readFileSync(join(root, page), "utf8");
    const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
    for (const [, attributes, text] of scripts) {
      if (attributes.includes("application/ld+json")) JSON.parse(text);
      else assert.match(attributes, /src=/, page);
    }
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+="/, page);
  }
});

test("a role says what it is and where it stands", () => {
  const html = readFileSync(join(root, "engineering/backend-engineering/senior/index.html"), "utf8");
  const [, text] = html.match(/<script type="application\/ld\+json">([^]*?)<\/script>/);
  const [occupation, crumbs] = JSON.parse(text)["@graph"];
  assert.equal(occupation["@type"], "Occupation");
  assert.equal(occupation.name, "Senior Backend Engineer");
  assert.ok(occupation.responsibilities.includes("Problem solving"), occupation.responsibilities.join());
  assert.ok(occupation.skills.length > 5);
  assert.equal(crumbs["@type"], "BreadcrumbList");
  assert.deepEqual(crumbs.itemListElement.map((i) => i.name), ["Larkfield Job Families", "Engineering", "Backend Engineering", "Senior Backend Engineer"]);
  assert.equal(html.match(/<meta property="og:title" content="([^"]*)">/)[1], "Senior Backend Engineer");
});
