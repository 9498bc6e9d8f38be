// Every page opens without complaint, from the disk and from a server, on a phone and on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaints, kinds, onDisk, openBrowser, pages, serve } from "./site.mjs";

let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

const phone = { viewport: { width: 390, height: 844 } };

async function visit(addresses, options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const heard = complaints(page);
  const faults = [];
  page.on("request", (request) => {
    const [asked, own] = [new URL(request.url()), new URL(page.url() === "about:blank" ? request.url() : page.url())];
    if (asked.protocol !== own.protocol || asked.host !== own.host) heard.push(`${request.url()} leaves the site`);
  });
  for (const [name, address] of addresses) {
    await page.goto(address, { waitUntil: "load" });
    for (const fault of [...heard.splice(0), ...(await look(page))]) faults.push(`${name}: ${fault}`);
  }
  await context.close();
  assert.deepEqual(faults, []);
}

/** What is wrong with the frame of a page, whatever it shows. */
const frame = (page) => page.evaluate(() => {
  const faults = [];
  const h1 = document.querySelectorAll("h1").length;
  if (h1 !== 1) faults.push(`${h1} headings of level 1`);
  if (document.querySelectorAll("main").length !== 1) faults.push("not one <main>");
  if (!document.title.trim()) faults.push("no title");
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) {
    const stretches = [...document.querySelectorAll("main *, header *, footer *")].find((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wide"));
    faults.push(`${wide} pixels wide in a window of ${innerWidth}: ${stretches?.outerHTML.slice(0, 120)}`);
  }
  return faults;
});

test("every page opens from the disk on a phone, fits its width, and has one heading of level 1", async () => {
  const all = pages().filter((page) => page !== "404.html");
  assert.ok(all.length > 100, `only ${all.length} pages`);
  await visit(all.map((page) => [page, onDisk(page)]), phone, frame);
});

test("a page of each kind opens from a server, on a wide screen and at twice the text size", async () => {
  const addresses = Object.entries(kinds).map(([kind, page]) => [kind, server.address + page]);
  await visit(addresses, { viewport: { width: 1600, height: 900 } }, frame);
  const large = async (page) => { await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%", "important")); return frame(page); };
  await visit(addresses, phone, large);
});

test("an address that leads nowhere shows a page with working style and links", async () => {
  const page = await browser.newPage();
  const failed = [];
  page.on("response", (response) => { if (response.status() >= 400) failed.push(new URL(response.url()).pathname); });
  await page.goto(`${server.address}engineering/no/such/page/`);
  assert.deepEqual(failed, ["/engineering/no/such/page/"]);
  await page.click("main a");
  assert.equal(page.url(), `${server.address}index.html`);
  await page.close();
});

test("an old address leads to the page that took its place", async () => {
  const page = await browser.newPage();
  for (const old of ["roles/backend/index.html", "jobs/backend-developer/index.html"]) {
    await page.goto(server.address + old);
    await page.waitForURL("**/engineering/backend-engineering/**");
  }
  await page.close();
});

test("every page of a family prints", async () => {
  const page = await browser.newPage();
  const heard = complaints(page);
  const family = pages("engineering/frontend-engineering");
  assert.ok(family.length > 10, `only ${family.length} pages`);
  for (const file of family) {
    await page.goto(onDisk(file));
    const paper = await page.pdf({ format: "A4" });
    assert.equal(paper.subarray(0, 5).toString(), "%PDF-", file);
  }
  assert.deepEqual(heard, []);
  await page.close();
});

test("pages read the same without scripts", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(onDisk(kinds.role));
  assert.match(await page.innerText("main"), /Responsibilities/);
  await page.click("header a.name");
  assert.equal(page.url(), onDisk(kinds.home));
  await context.close();
});
