// The CI files that `handbook init` writes, and the GitLab component, in; whether the schemas that GitLab and GitHub publish
// allow them, out. `fetch-schemas` puts these into the directory SCHEMAS; where one is missing its test says so.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse, parseAllDocuments } from "yaml";

const here = dirname(fileURLToPath(import.meta.url));
const schemas = process.env.SCHEMAS ?? "";

/** What the schema has against a document; undefined where there is no schema. */
function checker(name) {
  const path = join(schemas, name);
  if (schemas === "" || !existsSync(path)) return undefined;
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(ajv);
  const fits = ajv.compile(JSON.parse(readFileSync(path, "utf8")));
  return (document) => (fits(document) ? [] : fits.errors);
}

/** The CI file that `init` writes. */
function written(platform, file) {
  const root = mkdtempSync(join(tmpdir(), "handbook-pipelines-"));
  try {
    const run = spawnSync(process.env.HANDBOOK, ["init", root, "--ci", platform], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    return readFileSync(join(root, file), "utf8");
  } finally {
    rmSync(root, { recursive: true });
  }
}

const component = () => readFileSync(join(here, "../../ci/gitlab-component/templates/handbook.yml"), "utf8");

for (const [name, schema, read] of [
  ["the pipeline for GitLab", "gitlab-ci.json", () => parse(written("gitlab", ".gitlab-ci.yml"))],
  ["the workflow for GitHub", "github-workflows.json", () => parse(written("github", ".github/workflows/handbook.yml"))],
  ["the head of the GitLab component", "gitlab-ci.json", () => parseAllDocuments(component())[0].toJS()],
  ["the GitLab component", "gitlab-ci.json", () => filled(component())],
]) {
  test(`${name} fits the schema of its platform`, (t) => {
    const faults = checker(schema);
    if (faults === undefined) return t.skip("the schema could not be had");
    const document = read();
    assert.deepEqual(faults(document), []);
    const broken = structuredClone(document);
    if (name.startsWith("the head")) broken.spec.inputs = 7;
    else if (broken.jobs) broken.jobs.handbook.steps = "none";
    else Object.values(broken).find((job) => job?.stage === "check" || job?.stage === "review").script = 7;
    assert.notDeepEqual(faults(broken), [], "the schema allows anything");
  });
}

/** The component as GitLab reads it: its inputs are put in before the YAML is read. */
function filled(text) {
  const [head, body] = text.split("\n---\n");
  const inputs = parse(head).spec.inputs;
  const told = body.replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name) => {
    assert.ok(name in inputs, `there is no input ${name}`);
    return inputs[name].default;
  });
  return parse(told);
}

test("inputs of the component stay text, whatever is put in", () => {
  const document = filled(component());
  for (const job of Object.values(document)) {
    for (const [name, value] of Object.entries(job.variables ?? {})) assert.equal(typeof value, "string", name);
  }
});

test("every job of the component says when it runs", () => {
  const document = filled(component());
  const jobs = Object.entries(document).filter(([name]) => !name.startsWith("."));
  assert.deepEqual(jobs.map(([name]) => name), ["handbook-check", "handbook-preview", "handbook-diff", "pages"]);
  for (const [name, job] of jobs) assert.ok(job.rules?.length > 0, name);
});
