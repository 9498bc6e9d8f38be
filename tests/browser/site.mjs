// The example handbook, built, served and opened: what all browser tests share.
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** The directory with the built site: that of the variable SITE, else one built now. */
export const root = process.env.SITE ?? build();

function temporary() {
  const directory = mkdtempSync(join(tmpdir(), "handbook-site-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function run(cwd, ...words) {
  execFileSync("cargo", ["run", "--quiet", "--manifest-path", join(project, "Cargo.toml"), "--", ...words], { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

function build() {
  const output = join(temporary(), "site");
  run(project, "build", "--output", output);
  return output;
}

/** Builds a site of these files (text by path); gives a function from a page of it to its address on the disk. */
export function buildSite(files, ...words) {
  const directory = temporary();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  run(directory, "build", ...words);
  return (page) => pathToFileURL(join(directory, "public", page)).href;
}

/** What `diff --format html` says of files (text by path) that are edited; gives its address on the disk. */
export function compareSites(before, after) {
  const directory = temporary();
  const write = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
  const git = (...words) => execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.org", ...words], { cwd: directory, stdio: "ignore" });
  write(before);
  git("init", "-b", "main");
  git("add", "-A");
  git("commit", "-m", "Before");
  write(after);
  run(directory, "diff", "HEAD", "--format", "html", "-o", "diff.html");
  return pathToFileURL(join(directory, "diff.html")).href;
}

/** A page of each kind. */
export const kinds = {
  home: "index.html",
  department: "engineering/index.html",
  family: "engineering/backend-engineering/index.html",
  role: "engineering/backend-engineering/senior/index.html",
  composition: "engineering/backend-engineering/senior/geo/index.html",
  grades: "grades/index.html",
  plain: "how-grades-work/index.html",
  prose: "people/promotion/index.html",
  diagram: "people/how-we-hire/index.html",
};

/** The pages of the site below a directory, by their paths from the root, redirects left out. */
export function pages(below = ".") {
  const files = readdirSync(join(root, below), { recursive: true }).map((file) => join(below, file));
  const isRedirect = (file) => readFileSync(join(root, file), "utf8").includes('http-equiv="refresh"');
  return files.filter((file) => file.endsWith(".html") && !isRedirect(file)).sort();
}

export const onDisk = (page) => pathToFileURL(join(root, page)).href;

/** A browser; with SLOWER=6 its pages have a sixth of the processor, as on a busy machine: a test must hold there too. */
export async function openBrowser() {
  const switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...switches, ...quiet] });
  if (process.env.SLOWER) slow(browser, Number(process.env.SLOWER));
  return browser;
}

function slow(browser, rate) {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate });
      return page;
    };
    return context;
  };
  browser.newPage = async (options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.close = () => context.close();
    return page;
  };
}

const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png" };

/** The policy under which every page works: nothing inline, nothing from elsewhere. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'";

/** Serves the site on a free port; gives the address of its root, ending in "/", and what ends it. */
export async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = join(root, path.endsWith(sep) ? join(path, "index.html") : path);
    const inside = !relative(root, file).startsWith("..");
    const found = inside && statSync(file, { throwIfNoEntry: false })?.isFile();
    const shown = found ? file : join(root, "404.html");
    response.writeHead(found ? 200 : 404, { "content-type": types[extname(shown)] ?? "application/octet-stream", "content-security-policy": policy });
    createReadStream(shown).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
  };
}

/** Notes everything that a page complains of: errors in the console, exceptions, requests that fail. */
export function complaints(page) {
  const found = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) found.push(message.text()); });
  page.on("pageerror", (error) => found.push(String(error)));
  // What a page stops asking for because it is left is no failure.
  page.on("requestfailed", (request) => request.failure()?.errorText !== "net::ERR_ABORTED" && found.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on("response", (response) => { if (response.status() >= 400) found.push(`${response.url()}: ${response.status()}`); });
  return found;
}

/**
 * Counts what moves on a page. `open` leads it to an address, and `moved` then tells by how much things have moved since the
 * page was read and painted. On a slow machine it is painted while half of it is read, and tables find their widths as their
 * rows arrive: so that only what comes afterwards is counted, scripts and images are held back until then.
 */
export async function stillness(page) {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => { window.shifts.push(...list.getEntries()); }).observe({ type: "layout-shift", buffered: true });
  });
  let painted;
  // The script that is to run before anything is painted does so.
  await page.route(/\.(js|svg|png)$/, async (route) => {
    if (!route.request().url().includes("/early-")) await painted;
    await route.continue();
  });
  const settled = () => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 100)); }));
  return {
    async open(address) {
      let release;
      painted = new Promise((done) => { release = done; });
      await page.goto(address, { waitUntil: "commit" });
      await page.waitForFunction(() => document.readyState !== "loading");
      await settled();
      await page.evaluate(() => { window.since = performance.now(); });
      release();
      await page.waitForLoadState("load");
    },
    async moved() {
      await settled();
      return page.evaluate(() => window.shifts.filter((e) => e.startTime >= window.since && !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0));
    },
  };
}
