// @ts-check
// The preview follows the files: pages are exchanged in place, and what is wrong is shown where the author looks. Served by
// `handbook serve` alone; of it, what `build` publishes knows only the event `handbook:changed`.
(function () {
  "use strict";

  /**
   * What the server tells of a moment.
   * @typedef {{severity: "error" | "warning", file: string, text: string}} Finding
   * @typedef {{file: string, page?: string, href?: string, title?: string, copied?: string | null}} Changed
   * @typedef {{instance: string, version: number, top: string, errors: number, warnings: number, held: boolean, more: number,
   *   findings: Finding[], changed: Changed[], again: number | null}} State
   */

  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const page = script.dataset.page || "";
  /** The version that this tab shows, and the run of the server that made it. */
  let version = Number(script.dataset.version);
  let instance = script.dataset.instance || "";
  /** Where the site lies on the server. @type {string | undefined} */
  let top;
  /** Whether there is nothing at this address. */
  let missing = page === "404.html";
  script.remove();

  /** The page as it came, before other scripts add to it: what differs from this is what has changed. */
  let was = tidied(/** @type {Document} */ (document.cloneNode(true)));

  // --- Exchanging the page ---

  /** Thrown where a page cannot be exchanged in place. */
  class Unlike extends Error {}

  /** @type {Promise<void>} */
  let exchanging = Promise.resolve();

  /** A page without the line that loads this script, and what stands around that line.
   * @param {Document} page */
  function tidied(page) {
    page.querySelector("script[data-page][data-version]")?.remove();
    // Read as text where scripts run, and as elements where they do not, as in a page that was only fetched.
    for (const without of page.querySelectorAll("noscript")) without.replaceChildren();
    page.body.normalize();
    const last = page.body.lastChild;
    if (last && last.nodeType === Node.TEXT_NODE && !last.nodeValue?.trim()) last.remove();
    return page;
  }

  /** Brings the page up to date; loads it anew where that cannot be done in place.
   * @returns {Promise<boolean>} whether anything was another than before */
  async function exchange() {
    /** @type {Response} */
    let response;
    let text;
    try {
      response = await fetch(location.href, { cache: "no-store" });
      text = await response.text();
    } catch (gone) {
      version = -1; // The stream comes back with the server, and its first state is later than this.
      return false;
    }
    const now = new DOMParser().parseFromString(text, "text/html");
    const line = /** @type {HTMLElement | null} */ (now.querySelector("script[data-page][data-version]"));
    if (response.redirected || !line) throw new Unlike("another page is at this address");
    missing = line.dataset.page === "404.html";
    tidied(now);
    // Scripts may have put attributes there that are not written in the page.
    const other = [...now.documentElement.attributes].filter(({ name, value }) => was.documentElement.getAttribute(name) !== value);
    if (!other.length && was.head.isEqualNode(now.head) && was.body.isEqualNode(now.body)) return false;
    exchangeHead(now);
    for (const { name, value } of other) document.documentElement.setAttribute(name, value);
    patch(document.body, was.body, now.body);
    was = now;
    return true;
  }

  /** What says something of the page, and does nothing. */
  const said = 'meta:not([http-equiv]), link:not([rel="stylesheet"]), script[type="application/ld+json"]';

  /** Title, style sheets and what is said of the page; anything else of the head asks for the page anew.
   * @param {Document} now */
  function exchangeHead(now) {
    const rest = (/** @type {Document} */ of) =>
      [...of.head.children].filter((e) => !e.matches(`title, link[rel="stylesheet"], ${said}`)).map((e) => e.outerHTML).join();
    if (rest(was) !== rest(now)) throw new Unlike("the head of the page has changed");
    if (was.title !== now.title) document.title = now.title;
    const written = (/** @type {Document} */ of) => new Set([...of.head.querySelectorAll(said)].map((e) => e.outerHTML));
    const [old, fresh] = [written(was), written(now)];
    for (const e of document.head.querySelectorAll(said)) if (old.has(e.outerHTML) && !fresh.has(e.outerHTML)) e.remove();
    for (const e of now.head.querySelectorAll(said)) if (!old.has(e.outerHTML)) document.head.append(document.importNode(e, true));
    exchangeStyle(now);
  }

  /** @param {Document} now */
  function exchangeStyle(now) {
    const sheets = (/** @type {Document} */ of) =>
      /** @type {HTMLLinkElement[]} */ ([...of.head.querySelectorAll('link[rel="stylesheet"]')]);
    const before = sheets(was).map((link) => link.getAttribute("href"));
    const after = sheets(now).map((link) => link.getAttribute("href"));
    const live = sheets(document);
    after.forEach((href, i) => {
      if (href === before[i] || !href) return;
      const fresh = document.createElement("link");
      fresh.rel = "stylesheet";
      fresh.href = href;
      // The old one stays until the new one is there, so that the page is never without style.
      fresh.onload = fresh.onerror = () => live[i]?.remove();
      if (live[i]) live[i].after(fresh);
      else document.head.append(fresh);
    });
    live.slice(after.length).forEach((link) => link.remove());
  }

  /** Does to `live` what makes `now` of `old`; what other scripts or the reader did to it stays.
   * @param {Node} live @param {Node} old @param {Node} now */
  function patch(live, old, now) {
    if (old.isEqualNode(now)) return;
    if (!(live instanceof Element) || !(old instanceof Element) || !(now instanceof Element)) {
      live.nodeValue = now.nodeValue;
      return;
    }
    if (now.matches("script")) throw new Unlike("a script has changed");
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) live.removeAttribute(name);
    for (const { name, value } of [...now.attributes]) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    patchChildren(live, [...old.childNodes], [...now.childNodes]);
  }

  /** @param {Element} live @param {ChildNode[]} old @param {ChildNode[]} now */
  function patchChildren(live, old, now) {
    // Where nothing was exchanged, it does not matter what other scripts have made of it.
    if (old.length === now.length && old.every((node, i) => node.isEqualNode(now[i]))) return;
    const places = placesOf(live, old);
    const pairs = paired(old, now);
    old.forEach((node, i) => {
      if (!pairs.some((pair) => pair === i)) places[i].remove();
    });
    /** @type {ChildNode | null} */
    let last = null;
    now.forEach((node, i) => {
      const from = pairs[i];
      if (from !== undefined) {
        patch(places[from], old[from], node);
        last = places[from];
        return;
      }
      if (node instanceof Element && (node.matches("script") || node.querySelector("script"))) throw new Unlike("a script is new");
      const fresh = /** @type {ChildNode} */ (document.importNode(node, true));
      if (last) last.after(fresh);
      else live.prepend(fresh);
      last = fresh;
    });
  }

  /** For each old child, the one on the page: others that scripts have put between them are passed over.
   * @param {Element} live @param {ChildNode[]} old @returns {ChildNode[]} */
  function placesOf(live, old) {
    let at = live.firstChild;
    return old.map((node) => {
      while (at && !isLike(at, node)) at = at.nextSibling;
      if (!at) throw new Unlike(`other scripts have changed <${live.nodeName.toLowerCase()}>`);
      const found = at;
      at = at.nextSibling;
      return found;
    });
  }

  /** @param {Node} a @param {Node} b */
  function isLike(a, b) {
    if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
    if (!(a instanceof Element)) return a.nodeValue === b.nodeValue;
    // A mark to copy a link by is the page's own, or was put there by a script.
    return b instanceof Element && a.id === b.id && a.matches("a.mark") === b.matches("a.mark");
  }

  /** For each new child, the number of the old one that it is another form of: first those that are equal at both ends,
   * then by id, then in order by kind.
   * @param {ChildNode[]} old @param {ChildNode[]} now @returns {(number | undefined)[]} */
  function paired(old, now) {
    /** @type {(number | undefined)[]} */
    const pairs = new Array(now.length).fill(undefined);
    let start = 0;
    while (start < old.length && start < now.length && old[start].isEqualNode(now[start])) pairs[start] = start++;
    let oldEnd = old.length;
    let nowEnd = now.length;
    while (oldEnd > start && nowEnd > start && old[oldEnd - 1].isEqualNode(now[nowEnd - 1])) pairs[--nowEnd] = --oldEnd;
    const id = (/** @type {Node} */ node) => (node instanceof Element ? node.id : "");
    const known = new Set(old.slice(start, oldEnd).map(id));
    const wanted = new Set(now.slice(start, nowEnd).map(id));
    let next = start;
    for (let i = start; i < nowEnd; i++) {
      const own = id(now[i]);
      for (let j = next; j < oldEnd; j++) {
        const other = id(old[j]);
        const same = own && known.has(own) ? own === other : !(other && wanted.has(other)) && !own === !other;
        if (!same || old[j].nodeName !== now[i].nodeName) continue;
        pairs[i] = j;
        next = j + 1;
        break;
      }
    }
    return pairs;
  }

  /** Files that are shown on the page under the same address as before, such as images.
   * @param {Changed[]} changed @param {number} at */
  function exchangeFiles(changed, at) {
    const copied = new Set(changed.map((file) => file.copied).filter(Boolean));
    if (!copied.size) return;
    for (const shown of /** @type {NodeListOf<HTMLImageElement | HTMLSourceElement>} */ (document.querySelectorAll("img[src], source[src]"))) {
      const address = new URL(shown.src);
      if (!copied.has(decoded(address.pathname))) continue;
      address.searchParams.set("preview", String(at));
      shown.src = address.href;
    }
  }

  /** @param {string} path */
  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch (otherwise) {
      return path;
    }
  }

  // --- What is wrong ---

  const host = document.createElement("handbook-preview");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>
:host { all: initial; }
* { box-sizing: border-box; }
section, .corner { font: 14px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; border: 1px solid #8a8a8a; }
section { position: fixed; inset: auto 0 0; max-height: 50vh; overflow: auto; z-index: 2147483647; padding: .75rem 1rem 1rem; border-width: 3px 0 0; border-color: #b3261e; }
section[hidden], .corner [hidden], .corner:not(:has(> :not([hidden]))) { display: none; }
h2 { font-size: 1rem; margin: 0 0 .5rem; padding-right: 6rem; }
pre { font: 13px/1.4 ui-monospace, monospace; margin: 0 0 .75rem; padding: .5rem .75rem; overflow-x: auto; white-space: pre; background: #f3f3f3; border-left: 3px solid #8a8a8a; }
pre.error { border-left-color: #b3261e; }
.corner { position: fixed; right: .75rem; bottom: .75rem; z-index: 2147483646; display: flex; gap: .75rem; align-items: center; padding: .25rem .6rem; max-width: calc(100vw - 1.5rem); }
button { font: inherit; color: inherit; background: none; border: 1px solid #8a8a8a; padding: .1rem .5rem; cursor: pointer; }
.corner button { border: 0; padding: 0; text-decoration: underline; }
section > button { position: absolute; top: .6rem; right: 1rem; }
a { color: #1d4fa3; }
:focus-visible { outline: 3px solid #1d4fa3; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  section, .corner { color: #eee; background: #1d1d1d; }
  pre { background: #2b2b2b; }
  a { color: #9cc2ff; }
}
@media print { :host { display: none !important; } }
</style>
<section role="region" aria-label="What is wrong" hidden><h2 aria-live="polite"></h2><button type="button">Fold away</button><div></div></section>
<div class="corner" role="status"><button type="button" class="count" hidden></button><span class="note" hidden></span><span class="lost" hidden>The preview has stopped; waiting for it.</span></div>`;

  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (shadow.querySelector(selector));
  const panel = part("section");
  const heading = part("h2");
  const list = part("section > div");
  const count = part(".count");
  const note = part(".note");
  const lost = part(".lost");
  /** Whether the reader has folded the panel away, or opened it for warnings. */
  let folded = false;
  let opened = false;
  /** @type {State | undefined} */
  let state;

  part("section > button").onclick = () => { folded = true; opened = false; show(); };
  count.onclick = () => { folded = false; opened = true; show(); };

  /** @param {number} n @param {string} word */
  const many = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

  function show() {
    if (!state) return;
    const { errors, warnings, findings, held, more } = state;
    const wrong = errors > 0 || held;
    panel.hidden = !(findings.length && (wrong ? !folded : opened));
    const counts = [errors && many(errors, "error"), warnings && many(warnings, "warning")].filter(Boolean).join(", ");
    heading.textContent = held && !missing ? `${counts}; this is the last good page` : counts;
    list.replaceChildren(...findings.filter((f) => opened || !wrong || held || f.severity === "error").map((finding) => {
      const text = document.createElement("pre");
      text.className = finding.severity;
      text.textContent = finding.text;
      return text;
    }));
    if (more) list.append(`and ${more} more`);
    count.hidden = !panel.hidden || !counts;
    count.textContent = counts;
  }

  /** An edit of another page is told by a link to it.
   * @param {Changed[]} changed */
  function tellOfOthers(changed) {
    const other = changed.find((file) => file.href && file.page !== page);
    note.hidden = !other;
    if (!other) return;
    const link = document.createElement("a");
    link.href = other.href || "";
    link.textContent = other.title || other.file;
    note.replaceChildren("Changed: ", link);
  }

  // --- Following ---

  /** @param {State} told */
  async function follow(told) {
    const isLater = told.instance !== instance || told.version !== version;
    instance = told.instance;
    if (state && !told.errors && !told.held) folded = false;
    if (!told.findings.length) opened = false;
    state = told;
    show();
    if (top !== undefined && told.top !== top && location.pathname.startsWith(top)) {
      const address = new URL(location.href);
      address.pathname = told.top + location.pathname.slice(top.length);
      location.replace(address);
      return;
    }
    top = told.top;
    if (!isLater) return;
    version = told.version;
    try {
      const differs = await exchange();
      show();
      exchangeFiles(told.changed, told.version);
      if (differs) note.hidden = true;
      else tellOfOthers(told.changed);
      // For scripts of the page that show what is not written on it.
      document.dispatchEvent(new CustomEvent("handbook:changed"));
    } catch (error) {
      console.info("the page is loaded anew:", error);
      if (state === told) location.reload();
    }
  }

  /** @type {EventSource | undefined} */
  let stream;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;

  function connect() {
    clearTimeout(again);
    if (stream || document.hidden) return;
    stream = new EventSource(`/_handbook/events?page=${encodeURIComponent(page)}`);
    stream.onmessage = (message) => {
      lost.hidden = true;
      const told = /** @type {State} */ (JSON.parse(message.data));
      exchanging = exchanging.then(() => follow(told));
      if (told.again === null) return;
      // Other tabs have the streams that there are.
      disconnect();
      again = setTimeout(connect, told.again);
    };
    stream.onerror = () => {
      lost.hidden = document.hidden;
      // Left to itself a browser waits longer and longer.
      disconnect();
      again = setTimeout(connect, 500);
    };
  }

  function disconnect() {
    clearTimeout(again);
    stream?.close();
    stream = undefined;
  }

  // A browser opens only six connections to a server: tabs that nobody sees hold none.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  document.documentElement.append(host);
  connect();
})();
