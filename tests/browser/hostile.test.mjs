// Content from strangers, in a real browser under the policy that docs recommend: nothing of it runs, anywhere.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./site.mjs";

const run = "window.pwned=document.location.href";
const attacks = [
  `<script>${run}</script>`, `<ScRiPt>${run}</sCrIpT>`, `<script src="data:text/javascript,${run}"></script>`, `<script/x>${run}</script>`,
  `<img src=x onerror="${run}">`, `<img src=x oNeRrOr=${run}>`, `<img/src=x/onerror=${run}>`, `<img src="x" \`onerror=${run}>`,
  `<svg onload="${run}"></svg>`, `<svg><script>${run}</script></svg>`, `<svg><animate onbegin=${run} attributeName=x></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`, `<math><a xlink:href="javascript:${run}">x</a></math>`,
  `<body onload=${run}>`, `<details open ontoggle=${run}>x</details>`, `<video><source onerror=${run}></video>`, `<audio src=x onerror=${run}>`,
  `<input autofocus onfocus=${run}>`, `<marquee onstart=${run}>x</marquee>`, `<select autofocus onfocus=${run}></select>`,
  `<iframe src="javascript:${run}"></iframe>`, `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`, `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`, `<form action="javascript:${run}"><button>x</button></form>`, `<base href="javascript:/">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${run}">`, `<link rel=stylesheet href="javascript:${run}">`, `<style>@import 'javascript:${run}';</style>`,
  `<a href="javascript:${run}">x</a>`, `<a href="java&#115;cript:${run}">x</a>`, `<a href=" javascript:${run}">x</a>`, `<a href="jav&#x09;ascript:${run}">x</a>`,
  `<a href="&#1;javascript:${run}">x</a>`, `<a href="JaVaScRiPt&colon;${run}">x</a>`, `<a href="data:text/html,<script>${run}</script>">x</a>`, `<a href="vbscript:x">x</a>`,
  `[x](javascript:${run})`, `[x](java&#115;cript:${run})`, `[x](<javascript:${run}>)`, `![x](javascript:${run})`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `<javascript:${run}>`,
  `<div style="background:url(javascript:${run})">x</div>`, `<p title="</p><script>${run}</script>">x</p>`, `--><script>${run}</script>`, `<!-- --!><script>${run}</script> -->`,
  `"><script>${run}</script>`, `'><script>${run}</script>`, `"onmouseover="${run}`, `' onfocus='${run}' autofocus='`, `</title><script>${run}</script>`, `</textarea><script>${run}</script>`,
  `</script><script>${run}</script>`, `</style><script>${run}</script>`, `{{ __tera_context }}{% include "base.html" %}`, `\${${run}}`, `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<xmp><script>${run}</script></xmp>`, `<plaintext><script>${run}</script>`, `<template><script>${run}</script></template>`, `<a id="__proto__" name=cookie>x</a>`, `<form name=document><input name=location></form>`,
];

// Files beside the pages: the first list must not be in the output, the second must be.
const running = {
  "page.html": `<script src="run.js"></script>`, "page.HTM": `<script src="run.js"></script>`, "run.js": run, "run.mjs": run,
  "page.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml"><script src="run.js"/></html>`, "page.xml": `<x:script xmlns:x="http://www.w3.org/1999/xhtml" src="run.js"/>`,
  "page.php": `<script src="run.js"></script>`, "page.svgz": "x", "page.shtml": `<script src="run.js"></script>`, page: `<script src="run.js"></script>`,
};
const drawings = [
  `<script href="run.js"/>`, `<script>${run}</script>`, `<a href="javascript:${run}"><text y="9">x</text></a>`, `<g onclick="${run}"/>`,
  `<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>`, `<style>@import "run.css";</style>`,
  `<x:script xmlns:x="http://www.w3.org/2000/svg" href="run.js"/>`, `<x:script xmlns:x="http://www.w3.org/1999/xhtml" src="run.js"/>`,
  `<style>@im<!-- -->&#112;ort "run.css";</style>`, `<a href="java&any;script:${run}"><text y="9">x</text></a>`, `<image href="https://example.org/x.png"/>`,
];

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

function write(site) {
  mkdirSync(join(site, "content/eng"), { recursive: true });
  mkdirSync(join(site, "content/_shared"), { recursive: true });
  const all = attacks.filter((attack) => !attack.includes("{{")).map((attack) => `- ${attack}`).join("\n");
  writeFileSync(join(site, "handbook.yml"), `title: ${quoted(attacks[0])}\nx-a: ${quoted(attacks[1])}\nshared: [{block: all, with: {word: ${quoted(attacks[2])}}}]\npages: {compositions: false}\nlints: {link-broken: "off", image-missing: "off", anchor-broken: "off"}\n`);
  writeFileSync(join(site, "content/_shared/all.md"), `---\ntitle: ${quoted(attacks[3])}\n---\n{{ word }} {{ family.title }}\n\n${all}\n`);
  writeFileSync(join(site, "content/index.md"), `${attacks.join("\n\n")}\n`);
  mkdirSync(join(site, "content/files"));
  for (const [name, text] of Object.entries(running)) writeFileSync(join(site, "content/files", name), text);
  writeFileSync(join(site, "content/files/plan.svg"), `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>`);
  writeFileSync(join(site, "content/files/index.md"), `![x](plan.svg) ${Object.keys(running).map((name) => `[x](${name})`).join(" ")}\n`);
  attacks.forEach((attack, number) => {
    const yaml = quoted(attack);
    const roles = [`{id: one, title: ${quoted(`One ${attack}`)}, level: ${yaml}, grade: {none: ${yaml}}, reports_to: ${yaml}, requirements: [${yaml}, {key: k, text: ${quoted(`K ${attack}`)}}]}`,
      `{id: two, title: ${quoted(`Two ${attack}`)}, extends: one, requirements: [{remove: k, reason: ${yaml}}, ${quoted(`**L ${number}.** ${attack}`)}]}`];
    const head = `title: ${quoted(`F ${attack}`)}\ndescription: ${yaml}\nowner: ${yaml}\nx-y: ${yaml}\ngrade_scale:\nspecialties: [{id: s, title: ${yaml}}]\n`;
    const body = `Text ${attack} text.\n\n${attack}\n\n## Requirements\n\n- **Label ${attack}.** Text ${attack}\n- ${attack}\n\n## Heading ${attack}\n\n| a |\n| --- |\n| ${attack} |\n\n> ${attack}\n\n[x]: ${attack}\n`;
    writeFileSync(join(site, `content/eng/f${number}.md`), `---\n${head}roles:\n  - ${roles.join("\n  - ")}\n---\n${body}`);
  });
}

let browser, server, pages, directory;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "handbook-hostile-"));
  write(directory);
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const out = join(directory, "public");
  execFileSync("cargo", ["run", "--quiet", "--", "--root", directory, "build", "--quiet", "--output", out], { cwd: project, stdio: ["ignore", "ignore", "ignore"] });
  pages = readdirSync(out, { recursive: true }).filter((file) => file.endsWith(".html"));
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
  server = createServer((request, response) => {
    const file = join(out, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (!file.startsWith(out) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-security-policy": policy });
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(directory, { recursive: true, force: true });
});

test("no attack runs, is stopped by the policy alone, or leads out of the page", async () => {
  assert.ok(pages.length > attacks.length, `${pages.length} pages`);
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = [];
  let at = "";
  page.on("dialog", (dialog) => { faults.push(`${at}: a dialog`); dialog.dismiss(); });
  // A page that needs the policy to be safe would not be safe from the disk.
  page.on("console", (message) => { if (/Content Security Policy/.test(message.text()) && !/img-src/.test(message.text())) faults.push(`${at}: ${message.text()}`); });
  for (const file of pages) {
    at = file;
    const address = `http://127.0.0.1:${server.address().port}/${file.split("/").map(encodeURIComponent).join("/")}`;
    await page.goto(address, { waitUntil: "domcontentloaded" });
    const found = await page.evaluate(() => {
      const unsafe = [...document.querySelectorAll("a[href], area[href], img[src], [src]")].filter((e) => /^(javascript|data|vbscript):/.test(e.href ?? e.src ?? ""));
      const handlers = [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on") || a.name === "style" && !/^text-align/.test(a.value)));
      const foreign = document.querySelectorAll("iframe, object, embed, base, form:not([role=search]):not(.choice), svg script, math, style, meta[http-equiv]:not([http-equiv=refresh])");
      return [window.pwned && "it ran", ...[...unsafe, ...handlers, ...foreign].map((e) => e.outerHTML.slice(0, 150))].filter(Boolean);
    });
    faults.push(...found.map((fault) => `${file}: ${fault}`));
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("body *")) {
        for (const event of ["mouseover", "mouseenter", "focus", "toggle", "error", "load"]) element.dispatchEvent(new Event(event, { bubbles: false }));
      }
    });
    if (await page.evaluate(() => window.pwned)) faults.push(`${file}: it ran when touched`);
    if (page.url() !== address && !file.includes("redirect")) faults.push(`${file}: led to ${page.url()}`);
  }
  await context.close();
  assert.deepEqual(faults, []);
});

test("of the files beside the pages none is published that may run", async () => {
  const published = readdirSync(join(directory, "public/files")).sort();
  assert.deepEqual(published, ["index.html", "plan.svg"]);
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const name of Object.keys(running)) {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/files/${name}`);
    assert.equal(answer.status, 404, name);
  }
  await page.goto(`http://127.0.0.1:${server.address().port}/files/index.html`);
  assert.ok(await page.evaluate(() => document.querySelector("main img").naturalWidth > 0), "a drawing that only draws is shown");
  await context.close();
});

test("a drawing that does more than draw is refused", () => {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  for (const drawing of drawings) {
    const site = mkdtempSync(join(tmpdir(), "handbook-drawing-"));
    mkdirSync(join(site, "content"));
    writeFileSync(join(site, "content/index.md"), "![x](a.svg)\n");
    writeFileSync(join(site, "content/a.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${drawing}</svg>`);
    const built = spawnSync("cargo", ["run", "--quiet", "--", "--root", site, "build", "--quiet"], { cwd: project, encoding: "utf8" });
    assert.equal(built.status, 1, drawing);
    assert.match(built.stderr, /drawing-unsafe/, drawing);
    assert.equal(statSync(join(site, "public"), { throwIfNoEntry: false }), undefined, drawing);
    rmSync(site, { recursive: true });
  }
});
