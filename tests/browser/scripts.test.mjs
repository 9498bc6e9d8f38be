// The scripts that run in the page: their types hold, and they are small.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const statics = fileURLToPath(new URL("../../static/", import.meta.url));

test("the types in the comments of the scripts hold", () => {
  const tsc = createRequire(import.meta.url).resolve("typescript/package.json").replace("package.json", "bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", here], { stdio: "pipe", encoding: "utf8" });
});

test("all scripts together stay below 25 kB compressed, the style sheet below 12 kB", () => {
  const size = (name) => gzipSync(readFileSync(statics + name)).length;
  assert.ok(size("script.js") + size("compare.js") + size("search.js") < 25_000);
  assert.ok(size("style.css") < 12_000);
});
