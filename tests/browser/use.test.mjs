// What readers do on a page: the theme, the keyboard, what is folded away, the links.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { kinds, onDisk, openBrowser, serve } from "./site.mjs";

let browser, server;
before(async () => { browser = await openBrowser(); server = await serve(); });
after(async () => { await browser?.close(); await server?.close(); });

async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const colorScheme of ["light", "dark"]) {
  test(`the theme switch turns a ${colorScheme} page over, and the next page keeps it`, async () => {
    const page = await open(server.address + kinds.role, { colorScheme });
    const first = await ground(page);
    const name = colorScheme === "light" ? "Dark theme" : "Light theme";
    await page.getByRole("button", { name }).click();
    const other = await ground(page);
    assert.notEqual(other, first);
    await page.goto(server.address + kinds.family);
    assert.equal(await ground(page), other);
    await page.reload();
    assert.equal(await ground(page), other);
    await page.getByRole("button", { name: colorScheme === "light" ? "Light theme" : "Dark theme" }).click();
    assert.equal(await ground(page), first);
    await page.goto(server.address + kinds.home);
    assert.equal(await ground(page), first);
    await page.context().close();
  });
}

test("the first Tab shows the skip link, and Enter leads past the header", async () => {
  const page = await open(server.address + kinds.role);
  await page.keyboard.press("Tab");
  const link = page.locator("a.skip");
  assert.ok(await link.evaluate((a) => a === document.activeElement && a.getBoundingClientRect().top >= 0));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));
  await page.context().close();
});

test("the words that an item replaces open by keyboard", async () => {
  const page = await open(server.address + kinds.role);
  const folded = page.locator("main li details").first();
  const old = folded.locator("blockquote");
  assert.equal(await old.isVisible(), false);
  await folded.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.equal(await old.isVisible(), true);
  assert.ok((await old.innerText()).trim().length > 10);
  await page.keyboard.press("Space");
  assert.equal(await old.isVisible(), false);
  await page.context().close();
});

test("what is new at this level can be shown alone, and a link to something hidden shows it again", async () => {
  const page = await open(server.address + kinds.role);
  const inherited = page.locator("main li.inherited[id]").first();
  assert.equal(await inherited.isVisible(), true);
  await page.getByLabel("New at this level").check();
  assert.equal(await inherited.isVisible(), false);
  const id = await inherited.getAttribute("id");
  await page.goto(`${server.address}${kinds.role}#${id}`);
  assert.equal(await inherited.isVisible(), true);
  await page.context().close();
});

test("on a phone the departments fold into a menu that the keyboard opens", async () => {
  const page = await open(onDisk(kinds.role), { viewport: { width: 390, height: 844 } });
  const department = page.locator("header nav a").first();
  assert.equal(await department.isVisible(), false);
  await page.locator("header summary").focus();
  await page.keyboard.press("Enter");
  assert.equal(await department.isVisible(), true);
  await department.press("Enter");
  await page.waitForURL(onDisk(kinds.department));
  await page.context().close();
});

test("everything that can be reached by Tab shows that it is", async () => {
  for (const kind of ["family", "role", "grades"]) {
    const page = await open(server.address + kinds[kind]);
    const unmarked = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const at = document.activeElement;
        const style = getComputedStyle(at);
        const marked = at === document.body || parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
        const label = at.closest("label") ?? document.querySelector(`label[for="${CSS.escape(at.id)}"]`) ?? at.nextElementSibling;
        const byLabel = at.matches("input") && label && getComputedStyle(label).outlineStyle !== "none";
        return marked || byLabel ? null : at.outerHTML.slice(0, 120);
      });
      if (seen) unmarked.push(`${kind}: ${seen}`);
    }
    assert.deepEqual(unmarked, []);
    await page.context().close();
  }
});

test("a link to an item leads to the item", async () => {
  const page = await open(server.address + kinds.role);
  const item = page.locator("main li[id]").last();
  await page.goto(`${page.url()}#${await item.getAttribute("id")}`);
  await page.waitForFunction((id) => {
    const { top, bottom } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }, await item.getAttribute("id"));
  await page.context().close();
});
