// Makes the pictures of docs/images anew: `node tests/browser/screenshots.mjs`. Look at each before you keep it.
import { writeFileSync } from "node:fs";
import { kinds, onDisk, openBrowser } from "./site.mjs";

const directory = new URL("../../docs/images/", import.meta.url);
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
];

function unfold(item) {
  return async (page) => {
    await page.locator(`${item} details`).evaluate((d) => { d.open = true; });
    await page.locator(item).hover();
    await page.evaluate((item) => scrollTo(0, document.querySelector(item).getBoundingClientRect().top + scrollY - 430), item);
  };
}

// On a screen there are no sheets at which columns end.
async function firstSheet(page) {
  await page.addStyleTag({ content: "body { padding: 1.5cm 1.8cm } main { block-size: 24.5cm; column-fill: auto; overflow: clip } footer { display: none }" });
}

async function openMatrix(page) {
  await page.locator(".matrix > summary").click();
  await page.locator("#_matrix").evaluate((h) => h.scrollIntoView());
}

async function narrow(page) {
  await page.getByLabel("Grade").selectOption("8");
  await page.locator(".filter").evaluate((f) => scrollTo(0, f.getBoundingClientRect().top + scrollY - 120));
}

const browser = await openBrowser();
for (const { name, page: file, viewport, scale, colorScheme, media, act } of shots) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: scale ?? 1 });
  const page = await context.newPage();
  await page.goto(onDisk(file));
  if (media) await page.emulateMedia({ media });
  await act?.(page);
  await page.waitForTimeout(150);
  const session = await context.newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
  writeFileSync(new URL(`${name}.webp`, directory), Buffer.from(data, "base64"));
  await context.close();
}
await browser.close();
