// Makes the pictures of docs/images anew: `node tests/browser/screenshots.mjs [name...]`. Look at each before you keep it.
import { writeFileSync } from "node:fs";
import { kinds, openBrowser, serve } from "./site.mjs";

const directory = new URL("../../docs/images/", import.meta.url);
const family = "engineering/backend-engineering";
const wide = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };
const shots = [
  { name: "role-page", page: kinds.role, viewport: wide, act: unfold("#responsibilities\\.problem-solving") },
  { name: "role-page-phone", page: kinds.role, viewport: phone, scale: 1.5, act: async (page) => page.getByLabel("New at this level").check() },
  { name: "role-page-dark", page: kinds.composition, viewport: wide, colorScheme: "dark" },
  { name: "role-page-print", page: kinds.role, viewport: { width: 794, height: 1123 }, media: "print", act: firstSheet },
  { name: "levels", page: kinds.family, viewport: wide, act: openMatrix },
  { name: "levels-phone", page: kinds.family, viewport: phone, scale: 1.5, act: openMatrix },
  { name: "department", page: kinds.department, viewport: wide, act: narrow },
  { name: "home", page: kinds.home, viewport: wide },
  { name: "grades", page: kinds.grades, viewport: wide },
  { name: "compare", page: "compare/engineering/backend-engineering/senior/intermediate/index.html", viewport: wide },
  { name: "compare-any", page: `compare/index.html?a=${family}/senior&b=engineering/site-reliability/staff`, viewport: wide, act: compared },
  { name: "compare-phone", page: `compare/index.html?a=${family}/junior&b=${family}/staff`, viewport: phone, scale: 1.5, act: compared },
  { name: "map", page: "map/engineering/index.html", viewport: wide, act: lookAtRole },
  { name: "map-phone", page: "map/index.html", viewport: phone, scale: 1.5 },
  { name: "index", page: "requirements/index.html", viewport: wide },
  { name: "index-entry", page: "requirements/requirements/written-english/index.html", viewport: wide },
  { name: "search", page: kinds.home, viewport: wide, act: searched("mentor") },
  { name: "search-phone", page: kinds.home, viewport: phone, scale: 1.5, act: searched("senior geo") },
  { name: "page", page: kinds.prose, viewport: wide },
  { name: "not-found", page: "404.html", viewport: wide },
];

async function compared(page) {
  await page.waitForSelector("#_compare .rows");
}

async function lookAtRole(page) {
  await page.locator(".map").evaluate((map) => map.scrollIntoView());
  await page.locator(".career .role a").filter({ hasText: "Senior Backend" }).first().hover();
}

function searched(text) {
  return async (page) => {
    await page.keyboard.press("/");
    await page.fill("#_search-input", text);
    await page.waitForSelector(".search .line, .search section li");
    await page.waitForTimeout(1500);
  };
}

function unfold(item) {
  return async (page) => {
    await page.locator(`${item} details`).evaluate((d) => { d.open = true; });
    await page.locator(item).hover();
    await page.evaluate((item) => scrollTo(0, document.querySelector(item).getBoundingClientRect().top + scrollY - 430), item);
  };
}

// On a screen there are no sheets at which columns end.
async function firstSheet(page) {
  // The policy lets no style in but by script.
  await page.evaluate((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
  }, "body { padding: 1.5cm 1.8cm } main { block-size: 24.5cm; column-fill: auto; overflow: clip } footer { display: none }");
}

async function openMatrix(page) {
  await page.locator(".matrix > summary").click();
  await page.locator("#_matrix").evaluate((h) => h.scrollIntoView());
}

async function narrow(page) {
  await page.getByLabel("Grade").selectOption("8");
  await page.locator(".filter").evaluate((f) => scrollTo(0, f.getBoundingClientRect().top + scrollY - 120));
}

const [browser, server] = [await openBrowser(), await serve()];
const wanted = process.argv.slice(2);
for (const { name, page: file, viewport, scale, colorScheme, media, act } of shots.filter((shot) => !wanted.length || wanted.includes(shot.name))) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: scale ?? 1, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(server.address + file);
  if (media) await page.emulateMedia({ media });
  await act?.(page);
  await page.waitForTimeout(150);
  const session = await context.newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
  writeFileSync(new URL(`${name}.webp`, directory), Buffer.from(data, "base64"));
  await context.close();
}
await browser.close();
await server.close();
