// Reports of a handbook full of faults in, whether the systems that read them would take them out.
//
// SARIF and JUnit are held against their published schemas, which `fetch-schemas` puts into the directory SCHEMAS; where
// one is missing its test says so. GitLab and GitHub publish their forms as prose: the tests say it again, rule by rule.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import { validateXML } from "xmllint-wasm";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.HANDBOOK;
const schemas = process.env.SCHEMAS ?? "";
const sites = [];
after(() => sites.forEach((site) => rmSync(site, { recursive: true })));

/** A site with these files, in a directory of its own. */
function site(files) {
  const root = mkdtempSync(join(tmpdir(), "handbook-reports-"));
  sites.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The seeded site, whose files hold more than thirty kinds of faults. */
function seeded() {
  const files = {};
  let path;
  for (const line of readFileSync(join(here, "../seeded/site.txt"), "utf8").split("\n")) {
    if (line.startsWith("@ ")) {
      path = line.slice(2);
      files[path] = "";
    } else {
      files[path] += line.replace(/ {2}«.*»$/, "") + "\n";
    }
  }
  return site(files);
}

/** A site whose words try to get out of every form. */
function hostile() {
  const words = "\u001b[31m \u202e ::error file=x::y ##vso[task] ]]> &amp; <b> \"'% \u0007";
  return site({
    "content/a b/c,d%.md": `---\ntitle: ${JSON.stringify(words)}\nroles:\n  - {id: one, title: ${JSON.stringify(words)}}\n---\n[x](${encodeURI("nö where.md")})\n## Requirments\n`,
    "content/index.md": `[x](y.md "${words}")\n\n## His\n`,
  });
}

function report(root, form) {
  const run = spawnSync(program, ["check", "-q", "--format", form], { cwd: root, encoding: "utf8" });
  assert.ok(run.status !== null && run.status <= 2, run.stderr);
  return run.stdout;
}

const all = [
  ["with thirty kinds of faults", seeded],
  ["with hostile words", hostile],
  ["without faults", () => site({ "content/index.md": "Hello.\n" })],
];

function schema(name) {
  const path = join(schemas, name);
  return schemas !== "" && existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

for (const [name, make] of all) {
  test(`SARIF of a site ${name} fits the schema of OASIS`, (t) => {
    const text = schema("sarif.json");
    if (text === undefined) return t.skip("the schema could not be had");
    const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
    addFormats(ajv);
    const fits = ajv.compile(JSON.parse(text));
    const log = JSON.parse(report(make(), "sarif"));
    assert.ok(fits(log), JSON.stringify(fits.errors, null, 2));
    for (const result of log.runs[0].results) {
      assert.equal(log.runs[0].tool.driver.rules[result.ruleIndex].id, result.ruleId);
    }
  });

  test(`JUnit of a site ${name} fits the schema of Jenkins`, async (t) => {
    const text = schema("junit.xsd");
    if (text === undefined) return t.skip("the schema could not be had");
    const xml = report(make(), "junit");
    const result = await validateXML({ xml: [{ fileName: "report.xml", contents: xml }], schema: [{ fileName: "junit.xsd", contents: text }] });
    assert.ok(result.valid, result.rawOutput);
  });

  // https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
  test(`the Code Quality report of a site ${name} has what GitLab asks for`, () => {
    const root = make();
    const ajv = new Ajv({ allErrors: true });
    const text = { type: "string", minLength: 1 };
    const fits = ajv.compile({
      type: "array",
      items: {
        type: "object",
        required: ["description", "check_name", "fingerprint", "location", "severity"],
        properties: {
          description: text,
          check_name: text,
          fingerprint: text,
          severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
          location: {
            type: "object",
            required: ["path", "lines"],
            properties: {
              path: { type: "string", pattern: "^(?!\\./|/)" },
              lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
            },
          },
        },
      },
    });
    const bytes = report(root, "gitlab");
    assert.ok(!bytes.startsWith("\ufeff"), "GitLab takes no byte order mark");
    const findings = JSON.parse(bytes);
    assert.ok(fits(findings), JSON.stringify(fits.errors, null, 2));
    assert.equal(new Set(findings.map((f) => f.fingerprint)).size, findings.length, "a fingerprint stands once");
    for (const { location } of findings) {
      const lines = readFileSync(join(root, location.path), "utf8").split("\n").length;
      assert.ok(location.lines.begin <= lines, `${location.path}:${location.lines.begin}`);
    }
  });

  // https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
  test(`each annotation of a site ${name} is one command of GitHub`, () => {
    const command = /^::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*)(?:,[a-zA-Z]+=[^,:\r\n]*)*)::([^\r\n]+)$/;
    for (const line of report(make(), "github").split("\n").filter((line) => line !== "")) {
      const match = command.exec(line);
      assert.ok(match, line);
      const names = match[2].split(",").map((property) => property.split("=")[0]);
      assert.ok(names.every((n) => ["file", "line", "endLine", "col", "endColumn", "title"].includes(n)), line);
    }
  });
}

test("nothing hostile is left in any form", () => {
  const root = hostile();
  for (const form of ["human", "short", "json", "gitlab", "github", "sarif", "junit"]) {
    const text = report(root, form);
    const own = form === "github" ? text.replace(/^::(error|warning|notice) /gm, "") : text;
    for (const mark of ["\u001b", "\u202e", "\u0007", "::error", "##vso"]) {
      assert.ok(!own.includes(mark), `${JSON.stringify(mark)} in ${form}:\n${text}`);
    }
  }
});

test("the program is there", () => {
  assert.match(execFileSync(program, ["--version"], { encoding: "utf8" }), /^handbook /);
});
