// Compares any two roles: reads the list of roles, then the roles of the families that are asked for, and writes what
// changes. Steps that follow each other are pages of their own and need none of this.
// @ts-check
(function () {
  "use strict";

  /**
   * A role in the list: id, title, and where one can go: roles of the family as `/role`, or `>role` where the list alone has it
   * next; others by `family/role`, families by their ids.
   * @typedef {[string, string, string[]]} RoleEntry
   * A specialty in the list: id, title, and the roles it fits.
   * @typedef {[string, string, string[]]} SpecialtyEntry
   * @typedef {{ id: string, title: string, roles: RoleEntry[], specialties: SpecialtyEntry[], was?: string[], renamed?: [string, string][] }} FamilyEntry
   * @typedef {{ title: string, families: FamilyEntry[] }} DepartmentEntry
   * An item: key, label (may be empty), text; where the text is another in each role by a variable, also as it is written.
   * @typedef {[string, string, string, string?]} Item
   * A list: number of the section, numbers of the items, old and new keys.
   * @typedef {[number, number[], [string, string][]]} List
   * @typedef {{ title: string, grade: string | null, track: string, href: string, lists: List[] }} Role
   * @typedef {{ id: string, title: string, sections: [string, string][], items: Item[], roles: Record<string, Role> }} Family
   * A role as it is compared; its lists by section.
   * @typedef {{ id: string, title: string, family: string, grade: string | null, track: string, href: string,
   *   lists: Map<string, { title: string, items: Item[], renamed: [string, string][] }> }} Whole
   * @typedef {"same" | "changed" | "left" | "right"} Kind
   * @typedef {{ kind: Kind, left?: Item, right?: Item }} Pair
   * @typedef {{ id: string, title: string, pairs: Pair[] }} Section
   * Words in a row that the other text has too or not, and whether a space parts them from what follows.
   * @typedef {{ stays: boolean, words: string, spaced: boolean }} Piece
   * A text for each form that a number can take in `lang`.
   * @typedef {{ lang: string, other: string } & Record<string, string>} Forms
   */

  const found = document.getElementById("_compare");
  if (!found) return;
  const place = /** @type {HTMLElement} */ (found);
  const root = place.dataset.root || "";
  /** What the page says, in the language of the site: in front of this script stands what it asks for as `say.name`. */
  const say = /** @type {any} */ (window).handbookWords.compare;
  /** @type {DepartmentEntry[]} */
  let departments = [];
  /** @type {Map<string, Promise<Family>>} */
  const asked = new Map();
  /** @type {Map<string, (family: Family) => void>} */
  const waiting = new Map();
  /** The ids of the roles in the list by their families, those with a specialty too: of nothing else a file is read. */
  /** @type {Map<string, Set<string>>} */
  let listed = new Map();
  /** The families and roles that have other ids than before, by those. @type {Map<string, string>} */
  let renamed = new Map();

  /** @param {DepartmentEntry[]} list */
  const handbookRoles = (list) => {
    departments = list;
    listed = new Map(list.flatMap((department) => department.families).map(({ id, roles, specialties }) => {
      const composed = specialties.flatMap(([specialty, , fitting]) => fitting.map((role) => `${role}+${specialty}`));
      return [id, new Set([...roles.map((role) => role[0]), ...composed])];
    }));
    renamed = new Map(list.flatMap((department) => department.families).flatMap(({ id, was = [], renamed = [] }) => [
      ...was.map((old) => /** @type {[string, string]} */ ([old, id])),
      ...renamed.map(([old, now]) => /** @type {[string, string]} */ ([`${id}/${old}`, `${id}/${now}`])),
    ]));
  };
  /** @param {Family} family */
  const handbookFamily = (family) => { waiting.get(family.id)?.(family); };
  Object.assign(window, { handbookRoles, handbookFamily });

  /**
   * Runs a script file, which hands its data to one of the functions above.
   * @param {string} src
   * @returns {Promise<void>}
   */
  function run(src) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = () => done();
      script.onerror = () => failed(new Error(src));
      document.head.append(script);
    });
  }

  /**
   * @param {string} id
   * @returns {Promise<Family>}
   */
  function family(id) {
    const known = asked.get(id);
    if (known) return known;
    /** @type {Promise<Family>} */
    const promise = new Promise((done, failed) => {
      waiting.set(id, done);
      // A file that was read and told nothing is no better than one that is not there.
      run(`${root}compare/${id.split("/").map(encodeURIComponent).join("/")}.js`).finally(() => failed(new Error(id))).catch(() => {});
    });
    asked.set(id, promise);
    return promise;
  }

  /** The family in the id of a role. @param {string} id */
  const familyOf = (id) => id.slice(0, id.lastIndexOf("/"));

  /** The id that a role has now, of one in an address: that may be old, and a form makes a space of a plus. @param {string} asked */
  function current(asked) {
    const id = asked.replaceAll(" ", "+");
    const family = renamed.get(familyOf(id)) ?? familyOf(id);
    const [role, ...specialty] = id.slice(id.lastIndexOf("/") + 1).split("+");
    return [renamed.get(`${family}/${role}`) ?? `${family}/${role}`, ...specialty].join("+");
  }

  /**
   * A role, or a role with a specialty, with all its lists.
   * @param {string} id
   * @returns {Promise<Whole>}
   */
  async function whole(id) {
    const name = id.slice(id.lastIndexOf("/") + 1);
    // An address may name anything, the file of another script too.
    if (!listed.get(familyOf(id))?.has(name)) throw new Error(id);
    const data = await family(familyOf(id)).catch(() => { throw new Error(id); });
    if (!Object.hasOwn(data.roles, name)) throw new Error(id);
    const role = data.roles[name];
    /** @type {Whole["lists"]} */
    const lists = new Map();
    const alone = name.includes("+") ? data.roles[name.split("+")[0]]?.lists ?? [] : [];
    const all = new Map([...alone, ...role.lists].map((list) => [list[0], list]));
    for (const [section, items, renamed] of [...all.values()].sort((a, b) => a[0] - b[0])) {
      const [key, title] = data.sections[section];
      lists.set(key, { title, items: items.map((i) => data.items[i]), renamed });
    }
    return { id, title: role.title, family: data.title, grade: role.grade, track: role.track, href: root + role.href, lists };
  }

  /**
   * Items that have the same key are the same item.
   * @param {Whole} a
   * @param {Whole} b
   * @returns {Section[]}
   */
  function compare(a, b) {
    const names = [...a.lists.keys(), ...[...b.lists.keys()].filter((name) => !a.lists.has(name))];
    return names.map((name) => {
      const left = a.lists.get(name);
      const right = b.lists.get(name);
      const pairs = pairsOf(left?.items ?? [], right?.items ?? [], new Map(right?.renamed));
      return { id: name, title: (left ?? right)?.title ?? name, pairs };
    }).filter((section) => section.pairs.length);
  }

  /**
   * @param {Item[]} left
   * @param {Item[]} right
   * @param {Map<string, string>} renamed
   * @returns {Pair[]}
   */
  function pairsOf(left, right, renamed) {
    const at = new Map(right.map((item, i) => [item[0], i]));
    /** @type {(Item | undefined)[]} */
    const partner = [];
    /** @type {Pair[][]} */
    const alone = [[]];
    let last = 0;
    for (const item of left) {
      const i = at.get(item[0]) ?? at.get(renamed.get(item[0]) ?? "");
      if (i !== undefined && !partner[i]) {
        partner[i] = item;
        last = i + 1;
      } else {
        (alone[last] ??= []).push({ kind: "left", left: item });
      }
    }
    const rows = [...alone[0]];
    right.forEach((item, i) => {
      const other = partner[i];
      const same = other && other[1] === item[1] && (other[3] ?? other[2]) === (item[3] ?? item[2]);
      rows.push(other ? { kind: same ? "same" : "changed", left: other, right: item } : { kind: "right", right: item });
      rows.push(...(alone[i + 1] ?? []));
    });
    return rows;
  }

  /** A text with values in its places. @param {string} text @param {...(string | number)} values */
  function filled(text, ...values) {
    let next = 0;
    return text.replace(/\{([1-9]?)\}/g, (_, number) => String(values[number ? number - 1 : next++] ?? ""));
  }

  /** A number in its text. @param {Forms} forms @param {number} number */
  const counted = (forms, number) => filled(forms[new Intl.PluralRules(forms.lang).select(number)] ?? forms.other, number);

  const unspaced = /[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\u{20000}-\u{3ffff}]/u;
  const word = new RegExp(`${unspaced.source}|(?:(?!${unspaced.source})\\S)+`, "gu");

  /** The words of a text, each with the space behind it; of scripts without spaces, the letters. @param {string} text */
  function wordsOf(text) {
    const found = [...text.matchAll(word)];
    return found.flatMap(({ 0: letters, index }) => {
      const end = (index ?? 0) + letters.length;
      const spaced = end < text.length ? /\s/.test(text[end]) : !unspaced.test(letters);
      // Signs at the end of a word are no part of it: a comma for a full stop leaves it as it is.
      const [, bare, after] = letters.match(/^(.*[^.,;:!?])([.,;:!?]+)$/) ?? [];
      return after ? [{ letters: bare, spaced: false }, { letters: after, spaced }] : [{ letters, spaced }];
    });
  }

  /**
   * The words of two texts: which stay, which are taken out, which come in.
   * @param {string} left
   * @param {string} right
   * @returns {[Piece[], Piece[]]}
   */
  function differences(left, right) {
    const a = wordsOf(left);
    const b = wordsOf(right);
    // Length of the longest common run of words from each place on.
    const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        longest[i][j] = a[i].letters === b[j].letters ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    /** @type {Piece[]} */
    const before = [];
    /** @type {Piece[]} */
    const after = [];
    /** @param {Piece[]} pieces @param {boolean} stays @param {{ letters: string, spaced: boolean }} word */
    const push = (pieces, stays, { letters, spaced }) => {
      const piece = pieces[pieces.length - 1];
      if (piece && piece.stays === stays) Object.assign(piece, { words: piece.words + (piece.spaced ? " " : "") + letters, spaced });
      else pieces.push({ stays, words: letters, spaced });
    };
    /** @param {{ letters: string }} word */
    const isWord = ({ letters }) => !/^[.,;:!?]/.test(letters);
    let [i, j, kept] = [0, 0, 0];
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i].letters === b[j].letters) {
        kept += Number(isWord(a[i]));
        push(before, true, a[i++]);
        push(after, true, b[j++]);
      } else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) {
        push(before, false, a[i++]);
      } else {
        push(after, false, b[j++]);
      }
    }
    // Where little agrees, single words that happen to be the same tell nothing; but more may be said, or less.
    const [least, most] = [a, b].map((all) => all.filter(isWord).length).sort((x, y) => x - y);
    if (kept < 0.3 * most && !(kept >= 2 && kept >= 0.8 * least)) {
      return [a.length ? [{ stays: false, words: left, spaced: true }] : [], b.length ? [{ stays: false, words: right, spaced: true }] : []];
    }
    return [before, after];
  }

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

  /** @param {Piece[]} pieces @param {"del" | "ins"} tag */
  function marked(pieces, tag) {
    return pieces.flatMap((piece, i) => [i && pieces[i - 1].spaced ? " " : "", piece.stays ? piece.words : element(tag, {}, piece.words)]);
  }

  /** An item as it is read: its label in bold, then its text. @param {Item} item */
  function shown(item) {
    if (!item[1]) return [item[2]];
    const label = /[.:?!…。：？！؟]$/.test(item[1]) ? item[1] : item[1] + ".";
    return [element("strong", {}, label), item[2] ? " " + item[2] : ""];
  }

  /**
   * How much changes, in a sentence.
   * @param {Section[]} sections
   */
  function tally(sections) {
    const pairs = sections.flatMap((section) => section.pairs);
    /** @param {Kind} kind */
    const count = (kind) => pairs.filter((pair) => pair.kind === kind).length;
    /** @type {string[]} */
    const parts = [];
    // The first part says what is counted.
    /** @type {[Kind, Forms, Forms][]} */
    const kinds = [["right", say.items_new, say.items_new], ["changed", say.items_changed, say.also_changed], ["left", say.items_gone, say.also_gone]];
    for (const [kind, first, other] of kinds) if (count(kind)) parts.push(counted(parts.length ? other : first, count(kind)));
    if (!parts.length) return filled(say.nothing_changes_but, counted(say.items_same, count("same")));
    if (count("same")) parts.push(counted(say.also_same, count("same")));
    return filled(say.sentence, parts.join(say.comma));
  }

  /** @param {Whole} role @param {string} word @param {boolean} other */
  function head(role, word, other) {
    const facts = [role.grade && filled(say.grade_is, role.grade), role.track, other && role.family].filter(Boolean).join(" · ");
    return element("p", {}, element("small", {}, word), " ", element("a", { href: role.href }, role.title), " ", element("small", {}, facts));
  }

  /** @param {Pair} pair @param {Whole} a @param {Whole} b */
  function row(pair, a, b) {
    const word = pair.kind === "changed" ? say.changes : pair.kind === "right" ? say.new : say.gone;
    const label = pair.kind === "changed" && (pair.right?.[1] || pair.left?.[1]);
    const what = element("p", { class: "what" }, ...(label ? [element("strong", {}, label), " "] : []), element("small", {}, word));
    let left = pair.left && shown(pair.left);
    let right = pair.right && shown(pair.right);
    if (pair.kind === "changed" && pair.left && pair.right) {
      const [before, after] = differences(pair.left[2], pair.right[2]);
      left = marked(before, "del");
      right = marked(after, "ins");
    }
    const made = element("li", { class: `sides ${pair.kind}` }, what);
    if (left) made.append(element("div", { class: "from" }, element("small", { class: "side" }, a.title), " ", ...left));
    if (right) made.append(element("div", { class: "to" }, element("small", { class: "side" }, b.title), " ", ...right));
    return made;
  }

  /** What stays as it is, folded away. @param {Section} section @param {string} [title] */
  function same(section, title) {
    const pairs = section.pairs.filter((pair) => pair.kind === "same");
    const items = pairs.map((pair) => element("li", {}, ...shown(/** @type {Item} */ (pair.right))));
    const summary = element("summary", {}, (title ? `${title}: ` : "") + counted(say.also_same, pairs.length));
    return pairs.length ? [element("details", { class: "same" }, summary, element("ul", {}, ...items))] : [];
  }

  /**
   * The sections in which something changes, then the others.
   * @param {Section[]} sections
   * @param {Whole} a
   * @param {Whole} b
   */
  function comparison(sections, a, b) {
    /** @param {Section} section */
    const changes = (section) => section.pairs.filter((pair) => pair.kind !== "same");
    const parts = sections.filter((section) => changes(section).length).flatMap((section) => [
      element("h3", {}, section.title),
      element("ul", { class: "rows" }, ...changes(section).map((pair) => row(pair, a, b))),
      ...same(section),
    ]);
    const quiet = sections.filter((section) => !changes(section).length);
    return quiet.length ? [...parts, element("h3", {}, say.unchanged), ...quiet.flatMap((section) => same(section, section.title))] : parts;
  }

  /** The role of a composition alone. @param {string} id */
  const alone = (id) => id.split("+")[0];

  /** @returns {Map<string, string[]>} Where one can go from each role. */
  function ways() {
    const families = departments.flatMap((department) => department.families);
    /** @type {Map<string, string[]>} */
    const entries = new Map();
    for (const { id, roles } of families) {
      const inside = new Set(roles.flatMap((role) => role[2]));
      const first = roles.filter((role) => !inside.has("/" + role[0]) && !inside.has(">" + role[0]));
      entries.set(id, (first.length ? first : roles.slice(0, 1)).map((role) => `${id}/${role[0]}`));
    }
    /** @type {Map<string, string[]>} */
    const steps = new Map();
    for (const { id, roles } of families) {
      for (const [role, , next] of roles) {
        // A way into a family leads to the roles with which it begins.
        steps.set(`${id}/${role}`, next.flatMap((to) => (/^[/>]/.test(to) ? [`${id}/${to.slice(1)}`] : entries.get(to) ?? [to])));
      }
    }
    return steps;
  }

  /**
   * The shortest way along the ladders, both ends included.
   * @param {string} from
   * @param {string} to
   * @returns {string[] | undefined}
   */
  function path(from, to) {
    const steps = ways();
    /** @type {Map<string, string>} */
    const before = new Map([[from, ""]]);
    const open = [from];
    for (const at of open) {
      if (at === to) {
        const way = [at];
        for (let role = before.get(at); role; role = before.get(role)) way.unshift(role);
        return way;
      }
      for (const next of steps.get(at) ?? []) {
        if (before.has(next)) continue;
        before.set(next, at);
        open.push(next);
      }
    }
    return undefined;
  }

  /** Whether a step is none that the handbook writes down, but to the next level in the list. @param {string} from @param {string} to */
  function isListed(from, to) {
    const known = departments.flatMap((department) => department.families).find(({ id }) => id === familyOf(from));
    return known?.roles.some(([id, , next]) => from === `${known.id}/${id}` && next.some((one) => one[0] === ">" && to === `${known.id}/${one.slice(1)}`));
  }

  /** The name of an item: its label, or its first words. @param {Item} item */
  const nameOf = (item) => item[1] || (item[2].length > 90 ? item[2].slice(0, 88).replace(/\s\S*$/, "") + "…" : item[2]);

  /** The names of items; of many, all but the first are folded away. @param {Item[]} items */
  function names(items) {
    const entries = items.map((item) => element("li", {}, nameOf(item)));
    if (entries.length <= 8) return [element("ul", {}, ...entries)];
    const more = element("details", {}, element("summary", {}, counted(say.more, entries.length - 6)), element("ul", {}, ...entries.slice(6)));
    return [element("ul", {}, ...entries.slice(0, 6)), more];
  }

  /** What a step adds and raises. @param {Whole} a @param {Whole} b */
  function step(a, b) {
    const pairs = compare(a, b).flatMap((section) => section.pairs);
    /** @type {[Kind, string][]} */
    const kinds = [["right", say.adds], ["changed", say.raises], ["left", say.drops]];
    const parts = kinds.flatMap(([kind, title]) => {
      const items = pairs.filter((pair) => pair.kind === kind).map((pair) => /** @type {Item} */ (pair.right ?? pair.left));
      return items.length ? [element("dt", {}, title), element("dd", {}, ...names(items))] : [];
    });
    const href = `?${query(a.id, b.id)}`;
    const title = element("h3", {}, filled(say.from_to, a.title, b.title), " ", element("small", {}, b.grade ? filled(say.of_grade, b.grade) : ""));
    const body = parts.length ? element("dl", {}, ...parts) : element("p", { class: "note" }, say.nothing_changes);
    return element("li", {}, title, body, element("p", { class: "guides" }, element("a", { href }, say.this_step)));
  }

  /** @param {string} a @param {string} b */
  const query = (a, b) => `a=${encodeURIComponent(a)}&b=${encodeURIComponent(b)}`;

  /**
   * The way from one role to the other, step by step.
   * @param {Whole} a
   * @param {Whole} b
   * @returns {Promise<Node[]>}
   */
  async function journey(a, b) {
    const [from, to] = [alone(a.id), alone(b.id)];
    if (from === to) return [];
    const heading = element("h2", { id: "_way" }, filled(say.way, a.title, b.title));
    const way = path(from, to);
    if (!way) {
      const back = path(to, from);
      const text = element("p", {}, say.no_way);
      if (back) {
        const [before, after] = say.way_back.split(/\{1?\}/);
        text.append(" ", before, element("a", { href: `?${query(b.id, a.id)}` }, filled(say.way_back_link, b.title, a.title)), after);
      }
      return [heading, text];
    }
    const roles = await Promise.all(way.map(whole));
    const steps = roles.slice(1).map((role, i) => step(roles[i], role));
    const intro = [steps.length === 1 ? say.one_step : counted(say.steps, steps.length)];
    if (way.some((to, i) => i > 0 && isListed(way[i - 1], to))) intro.push(say.by_list);
    return [heading, element("p", {}, intro.join(" ")), ...(steps.length > 1 ? [element("ol", { class: "way" }, ...steps)] : [])];
  }

  /**
   * Two chosen roles as a page.
   * @param {string} a
   * @param {string} b
   */
  async function show(a, b) {
    const [left, right] = await Promise.all([whole(a), whole(b)]);
    const sections = compare(left, right);
    const other = left.family !== right.family;
    const heads = element("div", { class: "sides heads" }, head(left, say.from_role, other), head(right, say.to_role, other));
    const title = element("h2", { id: "_result", tabindex: "-1" }, filled(say.from_to, left.title, right.title));
    document.title = `${title.textContent} – ${document.title.split(" – ").pop()}`;
    const result = element("section", { "aria-labelledby": "_result" }, title, element("p", { class: "lead" }, tally(sections)), heads);
    result.append(...comparison(sections, left, right));
    const way = await journey(left, right);
    if (way.length) heads.before(element("p", { class: "guides" }, element("a", { href: "#_way" }, filled(say.way, left.title, right.title))));
    result.append(...way);
    return result;
  }

  /** @param {string} id */
  const select = (id) => /** @type {HTMLSelectElement} */ (document.getElementById(id));

  /**
   * Fills two lists to choose a role from: the family, then the role.
   * @param {"a" | "b"} name
   * @param {string} chosen
   */
  function fill(name, chosen) {
    const [family, role] = [select(`_${name}-family`), select(`_${name}`)];
    family.replaceChildren();
    for (const department of departments) {
      const group = element("optgroup", { label: department.title });
      for (const { id, title } of department.families) group.append(element("option", { value: id }, title));
      if (department.families.length) family.append(group);
    }
    const fillRoles = () => {
      const entry = departments.flatMap((d) => d.families).find((f) => f.id === family.value);
      const options = (entry?.roles ?? []).map(([id, title]) => element("option", { value: `${entry?.id}/${id}` }, title));
      const groups = (entry?.specialties ?? []).map(([id, title, fitting]) => {
        const inside = fitting.map((of) => element("option", { value: `${entry?.id}/${of}+${id}` }, `${entry?.roles.find((r) => r[0] === of)?.[1]}, ${title}`));
        return element("optgroup", { label: filled(say.with, title) }, ...inside);
      });
      role.replaceChildren(...options, ...groups);
    };
    if (chosen) family.value = familyOf(chosen);
    if (!family.value) family.selectedIndex = 0;
    fillRoles();
    if (chosen) role.value = chosen;
    else if (name === "b" && role.options.length > 1) role.selectedIndex = 1;
    if (!role.value) role.selectedIndex = 0;
    family.onchange = fillRoles;
  }

  /** The role before the chosen one, so that one choice is enough. @param {string} id */
  function before(id) {
    for (const [from, to] of ways()) if (to.includes(alone(id)) && from !== alone(id)) return from;
    return "";
  }

  /** Puts the result into its place; one that says the same stays, with what is open in it. @param {Element} part */
  function put(part) {
    const old = place.querySelector(":scope > section, :scope > .notice");
    if (!old) place.append(part);
    else if (!old.isEqualNode(part)) old.replaceWith(part);
  }

  async function begin() {
    const asks = new URLSearchParams(location.search);
    try {
      await run(place.dataset.roles ?? "");
      const [a, b] = ["a", "b"].map((name) => asks.get(name)).map((id) => (id ? current(id) : ""));
      const [left, right] = [select("_a").value, select("_b").value];
      fill("a", left || a || (b.includes("+") ? alone(b) : before(b)));
      fill("b", right || b || a);
      if (!a || !b) return;
      const form = place.querySelector("form");
      if (!form?.querySelector("a")) form?.append(element("a", { href: `?${query(b, a)}` }, say.turn_round));
      put(await show(a, b));
    } catch (fault) {
      // A role that was renamed or taken out, or a file that is not there.
      const name = fault instanceof Error ? fault.message : String(fault);
      put(element("p", { class: "notice", role: "alert" }, filled(say.nothing_to_compare, name)));
    }
  }

  begin();
  // The preview tells when the handbook is another: what was read is read again.
  document.addEventListener("handbook:changed", () => { asked.clear(); begin(); });
})();
