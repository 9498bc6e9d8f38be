// Searches the handbook in the page: reads the index when it is first asked for, and the lines of pages only where
// something was found. Long work is done in slices, so that typing is never held up.
// @ts-check
(function () {
  "use strict";

  /**
   * A family: id, title, roles (id, title), specialties (id, title, numbers of the roles that can have it).
   * @typedef {[string, string, [string, string][], [string, string, number[]][]]} Family
   * What the index file holds; `blocks` are shared: id, and of those that pages show title and address. `words` and `found` are packed, see `unpack`.
   * @typedef {{ pages: [boolean, boolean], families: Family[], plain: [string, string][], departments: [string, string][],
   *   blocks: [string, string, string][], bare: number[], words: string, found: string }} Packed
   * A line of a page: anchor (where that begins with a point, what follows on that of the group), text, and how many
   * letters of it are its label.
   * @typedef {[string, string, number?]} Line
   * Lines that stand together: where, the role on whose page they stand too, anchor, the lines.
   * @typedef {[string, string, string, Line[]]} Group
   * A title that can be found; `fits`: of a specialty, the roles with it, which have pages of their own.
   * @typedef {{ kind: "role" | "family" | "specialty" | "page", title: string, beside: string, href: string, words: string[], fits?: Title[] }} Title
   * All of it; `above`: by page, the words of its title and of those of its roles and specialties.
   * @typedef {{ titles: Title[], titleWords: string[], above: { own: string[], inside: string[] }[], words: string[], found: string[], documents: [string, string][], packed: Packed }} Index
   * The words that a typed one may mean, with how well each fits: 3 the same, 2 begun, 1 but for slips.
   * @typedef {Map<string, number>} Meant
   * What was typed, and what each word of it may mean.
   * @typedef {{ typed: string[], fitting: Meant[] }} Hits
   * @typedef {{ kind?: Title["kind"], href: string, title: string, beside: string, words?: string[], text?: string, label?: number, score: number, hits: Hits }} Result
   */

  /** The longest that anything runs before the page may do something else, in milliseconds. */
  const SLICE = 12;
  /** How many results a group shows before the reader asks for more. */
  const SHOWN = { role: 8, family: 5, specialty: 5, page: 5, line: 10 };
  /** How many pages are read for lines before the reader asks for more. */
  const READ = 24;

  /** What the page says, in the language of the site: in front of this script stands what it asks for as `say.name`. */
  const say = /** @type {any} */ (window).handbookWords.search;

  const home = /** @type {HTMLAnchorElement} */ (document.querySelector("header a.name"));
  const root = new URL(".", home.href).href;
  /** @type {Packed | undefined} */
  let packed;
  /** @type {Promise<Index> | undefined} */
  let index;
  /** The lines of pages that were read. @type {Map<string, Group[]>} */
  const lines = new Map();
  Object.assign(window, {
    /** @param {Packed} data */
    handbookIndex: (data) => { packed = data; },
    /** @param {[string, Group[]]} data */
    handbookLines: (data) => { lines.set(data[0], data[1]); },
  });

  /**
   * @param {string} src
   * @returns {Promise<void>}
   */
  function run(src) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = () => { script.remove(); done(); };
      script.onerror = () => { script.remove(); failed(new Error(src)); };
      document.head.append(script);
    });
  }

  let began = performance.now();
  /** Lets the page do something else when the slice is used up; tells whether it did. */
  async function breathe() {
    if (performance.now() - began < SLICE) return false;
    const channel = new MessageChannel();
    await new Promise((go) => { channel.port1.onmessage = go; channel.port2.postMessage(0); });
    channel.port1.close();
    began = performance.now();
    return true;
  }

  // Words. The program folds what it indexes in the same way.

  const marks = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/g;
  /** @type {Record<string, string>} */
  const letters = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", ı: "i", þ: "th", æ: "ae", œ: "oe", ς: "σ" };
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;

  /** @param {string} text */
  function fold(text) {
    if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
    return text.normalize("NFKD").replace(marks, "").toLowerCase().replace(/[ßøłđðıþæœς]/g, (c) => letters[c]).normalize("NFC");
  }

  /**
   * The words of a text; of scripts without spaces the whole run.
   * @param {string} folded
   * @returns {string[]}
   */
  function runs(folded) {
    return (folded.match(/[\p{Alphabetic}\p{N}]+/gu) ?? []).flatMap((run) => run.split(unspaced).concat(run.match(unspaced) ?? [])).filter(Boolean);
  }

  /** @param {string} word */
  const isUnspaced = (word) => word.search(unspaced) === 0;

  /** The pairs of letters of a run without spaces. @param {string} run */
  function pairs(run) {
    const all = [...run];
    return all.length < 2 ? all : all.slice(1).map((letter, i) => all[i] + letter);
  }

  /** How many slips a word of this length may have. @param {string} word */
  const slips = (word) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

  /**
   * By how many slips the beginning of `word` differs from `typed`: a letter inserted, dropped, exchanged, or two swapped.
   * @param {string} typed
   * @param {string} word
   * @param {number} limit
   * @returns {number} More than `limit` where there are more.
   */
  function near(typed, word, limit) {
    if (word.length < typed.length - limit) return limit + 1;
    const width = Math.min(word.length, typed.length + limit);
    /** @type {number[]} */
    let previous = [];
    /** @type {number[]} */
    let row = Array.from({ length: width + 1 }, (_, j) => j);
    for (let i = 1; i <= typed.length; i++) {
      const next = [i];
      let best = i;
      for (let j = 1; j <= width; j++) {
        const same = typed[i - 1] === word[j - 1];
        let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) cost = Math.min(cost, previous[j - 2] + 1);
        next[j] = cost;
        best = Math.min(best, cost);
      }
      if (best > limit) return best;
      previous = row;
      row = next;
    }
    return Math.min(...row);
  }

  // The index.

  const MARKS = Array.from({ length: 91 }, (_, i) => String.fromCharCode(35 + i)).filter((c) => c !== "\\").join("");

  /** The numbers of pages from their marks. @param {string} text @returns {number[]} */
  function pagesOf(text) {
    const pages = [];
    if (text[0] === "!") {
      for (let i = 1; i < text.length; i++) {
        const bits = MARKS.indexOf(text[i]);
        for (let bit = 0; bit < 6; bit++) if (bits & (1 << bit)) pages.push((i - 1) * 6 + bit);
      }
      return pages;
    }
    let [at, gap, unit] = [0, 0, 1];
    for (const mark of text) {
      const digit = MARKS.indexOf(mark);
      gap += (digit % 45) * unit;
      unit *= 45;
      if (digit >= 45) continue;
      at += gap;
      pages.push(at++);
      [gap, unit] = [0, 1];
    }
    return pages;
  }

  /** @returns {Promise<Index>} */
  async function unpack() {
    await run(root + "search-index.js");
    if (!packed) throw new Error("search-index.js");
    const data = packed;
    /** @type {Title[]} */
    const titles = [];
    /** @type {Index["above"]} */
    const above = [];
    /** @param {Title["kind"]} kind @param {string} title @param {string} beside @param {string} path @param {Title[]} [fits] */
    const add = (kind, title, beside, path, fits) => {
      const words = runs(fold(title));
      titles.push({ kind, title, beside, href: address(path), words, fits });
      if (kind === "family" || kind === "page") above.push({ own: words, inside: [] });
      else above[above.length - 1].inside.push(...words);
    };
    for (const [id, title, roles, specialties] of data.families) {
      add("family", title, "", id);
      for (const [role, name] of roles) add("role", name, title, data.pages[0] ? `${id}/${role}` : `${id}#${role}`);
      for (const [specialty, name, numbers] of specialties) {
        const composed = data.pages[1] ? numbers.map((number) => roles[number]) : [];
        const fits = composed.map(([role, name]) => ({ kind: /** @type {const} */ ("role"), title: name, beside: title, href: address(`${id}/${role}/${specialty}`), words: runs(fold(name)) }));
        add("specialty", name, title, `${id}#${specialty}`, fits);
      }
      await breathe();
    }
    for (const [id, title] of data.plain) add("page", title, "", id);
    for (const [id, title] of data.departments) add("page", title, "", id);
    for (const [, title, path] of data.blocks) {
      if (path) add("page", title, "", path);
      else above.push({ own: [], inside: [] });
    }
    const words = [];
    let last = "";
    for (const packedWord of data.words ? data.words.split(" ") : []) {
      last = [...last].slice(0, parseInt(packedWord[0], 36)).join("") + packedWord.slice(1);
      words.push(last);
      if (words.length % 500 === 0) await breathe();
    }
    /** @type {[string, string][]} */
    const families = data.families.map((family) => [family[0], family[1]]);
    /** @type {[string, string][]} */
    const blocks = data.blocks.map(([id, title]) => [id, title]);
    const documents = [...families, ...data.plain, ...data.departments, ...blocks];
    for (const page of data.bare) lines.set(documents[page][0], []);
    const titleWords = [...new Set(titles.flatMap((title) => title.words))];
    return { titles, titleWords, above, words, found: data.found.split(" "), documents, packed: data };
  }

  /** The address of a page by its id, perhaps with an anchor. @param {string} id */
  function address(id) {
    const [path, anchor] = id.split("#");
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    return root + (encoded ? encoded + "/" : "") + "index.html" + (anchor === undefined ? "" : "#" + encodeURIComponent(anchor));
  }

  /**
   * The words that a typed one may mean: those it begins; where there are none, those it begins but for the fewest slips.
   * @param {string} typed
   * @param {string[]} words
   * @returns {Promise<Meant>}
   */
  async function meant(typed, words) {
    /** @type {Meant} */
    const fitting = new Map();
    for (const word of words) if (word.startsWith(typed)) fitting.set(word, word === typed ? 3 : 2);
    let limit = slips(typed);
    if (fitting.size || !limit || isUnspaced(typed)) return fitting;
    for (let i = 0; i < words.length; i++) {
      const distance = near(typed, words[i], limit);
      if (distance < limit) fitting.clear();
      if (distance <= limit) {
        limit = distance;
        fitting.set(words[i], 1);
      }
      if (i % 200 === 0) await breathe();
    }
    return fitting;
  }

  /** How well one of `words` fits a typed word. @param {string} typed @param {Meant} fitting @param {string[]} words */
  function best(typed, fitting, words) {
    let score = 0;
    for (const word of words) score = Math.max(score, fitting.get(word) ?? (isUnspaced(typed) && word.includes(typed) ? 2 : 0));
    return score;
  }

  // What was asked for.

  /**
   * Titles that have every word; a role and its specialty may have them together.
   * @param {Index} all
   * @param {string[]} typed
   * @returns {Promise<Result[]>}
   */
  async function titlesOf(all, typed) {
    /** @type {Meant[]} */
    const fitting = [];
    for (const word of typed) fitting.push(await meant(word, all.titleWords));
    /** @type {Result[]} */
    const found = [];
    for (const title of all.titles) {
      const scores = typed.map((word, i) => best(word, fitting[i], title.words));
      if (scores.every(Boolean)) found.push({ ...title, score: sum(scores) - title.words.length / 100, hits: { typed, fitting } });
      else if (scores.some(Boolean)) {
        for (const role of title.fits ?? []) {
          const both = typed.map((word, i) => scores[i] || best(word, fitting[i], role.words));
          if (!both.every(Boolean)) continue;
          const words = [...role.words, ...title.words];
          found.push({ ...role, title: `${role.title}, ${title.title}`, words, score: sum(both) - words.length / 100, hits: { typed, fitting } });
        }
      }
      await breathe();
    }
    return found.sort((a, b) => b.score - a.score);
  }

  /** @param {number[]} numbers */
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  /**
   * Pages that have every word, in their lines or in their titles; those that fit best first.
   * @param {Index} all
   * @param {string[]} typed
   * @returns {Promise<{ pages: number[], hits: Hits }>}
   */
  async function pagesWith(all, typed) {
    /** @type {Map<number, number> | undefined} */
    let kept;
    /** @type {Meant[]} */
    const meanings = [];
    for (const word of typed) {
      /** @type {Map<number, number>} */
      const scores = new Map();
      /** @param {number} page @param {number} score */
      const note = (page, score) => scores.set(page, Math.max(scores.get(page) ?? 0, score));
      const fitting = await meant(word, all.words);
      meanings.push(fitting);
      if (isUnspaced(word)) {
        const lists = pairs(word).map((pair) => {
          const having = [...word].length === 1 ? all.words.filter((w) => w.includes(pair)) : [pair];
          return new Set(having.flatMap((w) => (all.words.indexOf(w) < 0 ? [] : pagesOf(all.found[all.words.indexOf(w)]))));
        });
        for (const page of lists[0]) if (lists.every((list) => list.has(page))) note(page, 2);
      } else {
        for (let i = 0; i < all.words.length; i++) {
          const score = fitting.get(all.words[i]);
          if (score) for (const page of pagesOf(all.found[i])) note(page, score);
          if (score || i % 500 === 0) await breathe();
        }
      }
      for (const [page, { own, inside }] of all.above.entries()) {
        if (own.some((w) => w.startsWith(word))) note(page, 4);
        else if (inside.some((w) => w.startsWith(word))) note(page, 1);
        if (page % 50 === 0) await breathe();
      }
      /** @type {Map<number, number> | undefined} */
      const before = kept;
      kept = before ? new Map([...scores].flatMap(([page, score]) => (before.has(page) ? [[page, score + (before.get(page) ?? 0)]] : []))) : scores;
    }
    const pages = [...(kept ?? [])].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([page]) => page);
    return { pages, hits: { typed, fitting: meanings } };
  }

  /**
   * How well a line fits; 0 where it lacks a word that neither its place nor its page has, or has none itself.
   * @param {Hits} hits
   * @param {string} place
   * @param {Line} line
   */
  function fit({ typed, fitting }, place, line) {
    const words = runs(fold(line[1]));
    const own = typed.map((word, i) => best(word, fitting[i], words));
    if (!own.some(Boolean)) return 0;
    const above = own.every(Boolean) ? [] : runs(fold(place));
    const all = own.map((score, i) => score || (above.some((word) => word.startsWith(typed[i])) ? 1 : 0));
    if (!all.every(Boolean)) return 0;
    const label = line[2] ? runs(fold(line[1].slice(0, line[2]))) : [];
    return sum(all) + sum(typed.map((word, i) => (best(word, fitting[i], label) ? 2 : 0)));
  }

  /**
   * The lines of some pages that fit, and whether there are pages that were not read.
   * @param {Index} all
   * @param {Hits} hits
   * @param {number[]} pages
   * @param {() => boolean} over Whether nobody waits for it any more.
   * @returns {Promise<[Result[], boolean]>}
   */
  async function linesOf(all, hits, pages, over) {
    /** @type {Result[]} */
    const found = [];
    let from = 0;
    for (; from < Math.min(pages.length, READ * more.line) && found.length < SHOWN.line * more.line; from += 6) {
      const ids = pages.slice(from, from + 6).map((page) => all.documents[page]);
      await Promise.all(ids.filter(([id]) => !lines.has(id)).map(([id]) => run(linesFile(id)).catch(() => lines.set(id, []))));
      if (over()) return [found, false];
      for (const [id, title] of ids) {
        for (const [place, role, section, group] of lines.get(id) ?? []) {
          for (const line of group) {
            const score = fit(hits, `${title} ${place}`, line);
            if (score) found.push({ ...placed(all, id, role, section, line[0]), title, beside: place, text: line[1], label: line[2], score, hits });
            if (await breathe() && over()) return [found, false];
          }
        }
      }
    }
    return [found.sort((a, b) => b.score - a.score), from < pages.length];
  }

  /** @param {string} id */
  const linesFile = (id) => `${root}search-index/${(id || "index").split("/").map(encodeURIComponent).join("/")}.js`;

  /**
   * Where a line is read: on the role's page where it has one. That of a shared block says so itself.
   * @param {Index} all
   * @param {string} id
   * @param {string} role
   * @param {string} section
   * @param {string} own
   */
  function placed(all, id, role, section, own) {
    if (id.startsWith("_shared/")) return { href: address(own) };
    const anchor = own.startsWith(".") ? section + own : own;
    if (!anchor) return { href: address(id) };
    const apart = role && all.packed.pages[0] && anchor.startsWith(role + ".");
    return { href: apart ? address(`${id}/${role}#${anchor.slice(role.length + 1)}`) : address(`${id}#${anchor}`) };
  }

  // The dialog.

  /**
   * @param {string} tag
   * @param {Record<string, string>} attributes
   * @param {...(Node | string)} content
   */
  function element(tag, attributes, ...content) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  }

  /** Text with the words that were meant marked. @param {string} text @param {Hits} hits */
  function marked(text, { typed, fitting }) {
    return text.split(/([\p{Alphabetic}\p{N}\p{M}]+)/gu).map((part, i) => {
      const hit = i % 2 && typed.some((word, j) => best(word, fitting[j], runs(fold(part))));
      return hit ? element("mark", {}, part) : part;
    });
  }

  /** The part of a long line in which the first hit stands. @param {string} text @param {Hits} hits */
  function cut(text, { typed, fitting }) {
    if (text.length <= 180) return text;
    const parts = text.split(/([\p{Alphabetic}\p{N}\p{M}]+)/gu);
    const first = parts.findIndex((part, i) => i % 2 && typed.some((word, j) => best(word, fitting[j], runs(fold(part)))));
    const at = parts.slice(0, Math.max(first, 0)).join("").length;
    const from = at < 120 ? 0 : text.indexOf(" ", at - 60) + 1;
    const end = text.length - from <= 180 ? text.length : text.lastIndexOf(" ", from + 180);
    return (from ? "… " : "") + text.slice(from, end > from ? end : from + 180) + (end < text.length ? " …" : "");
  }

  /** @param {Result} result */
  function entry(result) {
    const beside = result.beside ? [" ", element("small", {}, result.beside)] : [];
    const link = element("a", { href: result.href });
    if (result.text === undefined) {
      link.append(...marked(result.title, result.hits));
      return element("li", {}, link, ...beside);
    }
    const label = result.text.slice(0, result.label ?? 0);
    const rest = cut(result.text.slice(label.length), result.hits);
    if (label) link.append(element("strong", {}, ...marked(label, result.hits)));
    link.append(...marked(rest, result.hits));
    const place = [result.title, result.beside].filter(Boolean).join(" · ");
    return element("li", { class: "line" }, link, " ", element("small", {}, place));
  }

  /** @param {string} id @param {string} title @param {Result[]} results @param {HTMLButtonElement} [rest] */
  function section(id, title, results, rest) {
    return element("section", { "aria-labelledby": id }, element("h2", { id }, title), element("ul", {}, ...results.map(entry)), ...(rest ? [rest] : []));
  }

  const input = /** @type {HTMLInputElement} */ (element("input", {
    type: "search", id: "_search-input", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go",
    placeholder: say.search_hint, "aria-describedby": "_search-status",
  }));
  const status = element("p", { id: "_search-status", role: "status", class: "note" });
  const results = element("div", { class: "results" });
  const close = element("button", { type: "button" }, say.close);
  const form = element("form", { role: "search" }, element("label", { for: "_search-input" }, say.search), input, close);
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { class: "search", "aria-label": say.search_title }, form, status, results));
  document.body.append(dialog);

  let turn = 0;
  /** How often the reader asked for more of a group, and once more, for what is typed now. */
  let more = { role: 1, family: 1, specialty: 1, page: 1, line: 1 };

  /** @param {boolean} [on] Whether more is looked for of what is shown already. */
  async function search(on) {
    const mine = ++turn;
    const over = () => mine !== turn;
    const typed = [...new Set(runs(fold(input.value)))].slice(0, 8);
    if (!typed.length) {
      results.replaceChildren();
      status.textContent = "";
      results.ariaBusy = "false";
      return;
    }
    results.ariaBusy = "true";
    try {
      index ??= unpack();
      const all = await index;
      if (over()) return;
      began = performance.now();
      const titles = await titlesOf(all, typed);
      if (over()) return;
      if (!on) show(titles, [], false, say.reading);
      const { pages, hits } = await pagesWith(all, typed);
      if (over()) return;
      const [items, rest] = await linesOf(all, hits, pages, over);
      if (!over()) show(titles, items, rest);
    } catch {
      index = undefined;
      if (!over()) status.textContent = say.no_search;
    }
    if (!over()) results.ariaBusy = "false";
  }

  /**
   * @param {Result[]} titles
   * @param {Result[]} items
   * @param {boolean} unread Whether there are pages that were not read for lines.
   * @param {string} [waiting]
   */
  function show(titles, items, unread, waiting) {
    /** @param {keyof typeof SHOWN} kind @param {string} title @param {Result[]} found */
    const group = (kind, title, found) => {
      const shown = found.slice(0, kind === "line" ? SHOWN.line * more.line : more[kind] > 1 ? found.length : SHOWN[kind]);
      return { kind, title, found, shown, whole: found.some(isWhole) };
    };
    /** @param {Title["kind"]} kind @param {string} title */
    const of = (kind, title) => group(kind, title, titles.filter((found) => found.kind === kind));
    const groups = [of("role", say.roles), of("family", say.families), of("specialty", say.specialties), of("page", say.pages), group("line", say.in_text, items)];
    // What is called just so comes first.
    const shown = groups.filter(({ found }) => found.length).sort((a, b) => Number(b.whole) - Number(a.whole));
    results.replaceChildren(...shown.map(({ kind, title, found, shown }) => {
      const hidden = found.length - shown.length;
      const unseen = kind === "line" && unread ? say.more_pages : hidden ? counted(say.more, hidden) : "";
      return section(`_search-${kind}s`, title, shown, unseen ? rest(kind, unseen, shown.length) : undefined);
    }));
    const count = sum(shown.map(({ found }) => found.length));
    status.textContent = waiting && !count ? waiting : count ? counted(say.results, count) : say.nothing_found;
  }

  /** Whether a title has no other words than those typed. @param {Result} result */
  const isWhole = ({ words, hits }) => words !== undefined && words.length === hits.typed.length && hits.typed.every((word) => words.includes(word));

  /** What shows more of a group, and goes on where that begins. @param {keyof typeof SHOWN} kind @param {string} text @param {number} from */
  function rest(kind, text, from) {
    const button = /** @type {HTMLButtonElement} */ (element("button", { type: "button" }, text));
    button.onclick = async () => {
      more[kind]++;
      await search(true);
      const links = document.getElementById(`_search-${kind}s`)?.closest("section")?.querySelectorAll("a");
      (links?.[from] ?? links?.[from - 1])?.focus();
    };
    return button;
  }

  /** A number in its text. @param {{ lang: string, other: string } & Record<string, string>} forms @param {number} number */
  const counted = (forms, number) => (forms[new Intl.PluralRules(forms.lang).select(number)] ?? forms.other).replace(/\{1?\}/, String(number));

  /** @returns {HTMLElement[]} */
  const stops = () => [input, .../** @type {NodeListOf<HTMLElement>} */ (results.querySelectorAll("a, button"))];

  /** Closes the dialog. What stood in it would keep the keyboard until the page is painted next. */
  function shut() {
    dialog.close();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    if (dialog.contains(focused)) focused?.blur();
  }

  /** Arrow keys go through the results. @param {KeyboardEvent} event */
  function move(event) {
    // Escape closes; left to itself the field would only be emptied.
    if (event.key === "Escape") {
      event.preventDefault();
      shut();
    }
    const all = stops();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : -1;
    if (at < 0 || to < 0 || to >= all.length) return;
    event.preventDefault();
    all[to].focus();
  }

  input.addEventListener("input", () => {
    more = { role: 1, family: 1, specialty: 1, page: 1, line: 1 };
    search();
  });
  dialog.addEventListener("keydown", move);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    /** @type {HTMLAnchorElement | null} */ (results.querySelector("a"))?.click();
  });
  close.addEventListener("click", shut);
  // In the preview, what was read may say something else now.
  document.addEventListener("handbook:changed", () => {
    index = packed = undefined;
    lines.clear();
    if (dialog.open) search(true);
  });
  // A click beside the dialog closes it; a result on this page too.
  dialog.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === dialog || target.closest("a")) shut();
  });

  Object.assign(window, {
    /** @param {string} [typed] What was typed already. */
    handbookSearch: (typed) => {
      if (!dialog.open) dialog.showModal();
      input.focus();
      input.select();
      index ??= unpack();
      index.catch(() => { index = undefined; });
      if (!typed) return;
      input.value = typed;
      search();
    },
  });
})();
