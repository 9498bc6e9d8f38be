// Opens the largest page of the example handbook again and again, and prints for how long the page was held up: what its tasks
// took beyond 50 ms each (total blocking time), by the clock and in time of the processor, and when it was painted first.
//
//     cd tests/browser && npm ci && cd ../..
//     node benches/page.mjs            # 9 runs on a wide screen and on a phone
//     node benches/page.mjs 3
//
// SITE names a built example, else it is built; CHROMIUM another browser; SLOWER=4 gives pages a quarter of the processor.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openBrowser, pages, root, serve } from "../tests/browser/site.mjs";

const runs = Number(process.argv[2] ?? 9);
const packed = (file) => gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
const heaviest = pages().map((page) => [packed(page), page]).sort((a, b) => b[0] - a[0])[0][1];

/** Notes tasks longer than 50 ms, as the browser tells them. */
const watch = () => {
  window.held = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.held += entry.duration - 50; })).observe({ type: "longtask", buffered: true });
};

const settled = (page) => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 300)); }));

/** What the tasks of the page took on the processor beyond 50 ms each, and the longest of them, in milliseconds. */
function computed(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const main = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith("::RunTask") && main.some((thread) => thread.pid === pid && thread.tid === tid));
  // A task that was under way when the trace began or ended has no time.
  const times = tasks.map(({ tdur = 0 }) => tdur / 1000);
  if (!times.some((time) => time > 0)) throw new Error("no task was traced");
  return { computed: times.reduce((sum, time) => sum + Math.max(0, time - 50), 0), longest: Math.max(...times) };
}

async function once(browser, server, viewport) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await browser.startTracing(page, { categories: ["toplevel"] });
  await page.goto(server.address + heaviest, { waitUntil: "load" });
  await settled(page);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await settled(page);
  const { held, painted } = await page.evaluate(() => ({ held: window.held, painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN }));
  const traced = computed(await browser.stopTracing());
  await context.close();
  return { held, painted, ...traced };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1].toFixed(0);

const browser = await openBrowser();
const server = await serve();
console.log(`${heaviest}, ${runs} runs, medians in milliseconds`);
for (const [name, viewport] of [["wide screen", { width: 1280, height: 900 }], ["phone", { width: 390, height: 844 }]]) {
  const taken = [];
  for (let i = 0; i < runs; i++) taken.push(await once(browser, server, viewport));
  const of = (what) => median(taken.map((run) => run[what]));
  console.log(`${name}: held up ${of("held")} by the clock, ${of("computed")} on the processor; longest task ${of("longest")}; first paint ${of("painted")}`);
}
await browser.close();
await server.close();
