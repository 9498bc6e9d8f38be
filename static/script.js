// Pages are whole without any of this. It adds the choice of a theme, marks to copy links by, the place in the table of
// contents, filters of lists, and starts what the site brings to draw diagrams. It waits until the page is read.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;

  /**
   * What was kept under a name, or keeps a value. Some browsers refuse storage, for instance for local files.
   * @param {Storage | (() => Storage)} where @param {string} name @param {string} [value]
   */
  function kept(where, name, value) {
    try {
      const store = typeof where === "function" ? where() : where;
      if (value === undefined) return store.getItem(name);
      if (value) store.setItem(name, value);
      else store.removeItem(name);
    } catch (refused) {}
    return null;
  }
  const always = () => localStorage;
  const today = () => sessionStorage;

  /** @param {string | null} theme */
  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function addThemeChoice() {
    const select = /** @type {HTMLSelectElement | null} */ (document.querySelector(".theme select"));
    if (!select) return;
    select.value = root.dataset.theme ?? "";
    select.onchange = () => {
      show(select.value);
      kept(always, "theme", select.value);
    };
  }

  // A link to each heading that has none yet, and to an item when the pointer comes to it: they are many.
  function addMarks() {
    markHeadings();
    // In the preview, parts of the page may be new.
    document.addEventListener("handbook:changed", markHeadings);
    document.addEventListener("pointerover", (event) => {
      const item = event.target instanceof Element && event.target.closest("main li[id]");
      if (item) addMark(item);
    });
  }

  function markHeadings() {
    for (const heading of document.querySelectorAll("main :is(h2, h3, h4)[id]")) {
      addMark(heading);
      nameAlone(heading);
    }
  }

  // The mark in a heading is no part of its name, or every heading would be read twice.
  /** @param {Element} heading */
  function nameAlone(heading) {
    if (!heading.querySelector(":scope > .mark")) return;
    const said = [...heading.childNodes].filter((node) => !(node instanceof Element && node.matches(".mark")));
    heading.setAttribute("aria-label", said.map((node) => node.textContent).join("").replace(/\s+/g, " ").trim());
  }

  /** @param {Element} at */
  function addMark(at) {
    if (at.querySelector(":scope > :is(.tools, .mark)") || at.closest(".notes")) return;
    const mark = document.createElement("a");
    mark.className = "mark";
    mark.href = "#" + at.id;
    mark.textContent = "#";
    const name = (at.tagName === "LI" && at.querySelector(":scope > strong") || at).textContent?.trim() ?? "";
    mark.setAttribute("aria-label", (words.link ?? "").replace("{}", name.length > 60 ? name.slice(0, 59) + "…" : name));
    if (at.tagName === "LI") mark.tabIndex = -1;
    at.insertBefore(mark, at.querySelector(":scope > :is(small, details, ul, ol)"));
  }

  // Following a mark copies its address, and says so.
  function copyLinks() {
    const status = document.createElement("p");
    status.className = "unseen";
    status.setAttribute("role", "status");
    document.querySelector("footer.site")?.append(status);
    document.addEventListener("click", async (event) => {
      const mark = event.target;
      if (!(mark instanceof HTMLAnchorElement) || !mark.matches(".mark")) return;
      try {
        await navigator.clipboard.writeText(mark.href);
      } catch (refused) {
        return;
      }
      mark.dataset.said = words.copied;
      status.textContent = words.copied ?? "";
      setTimeout(() => {
        delete mark.dataset.said;
        status.textContent = "";
      }, 2000);
    });
  }

  function followScroll() {
    /** @type {Map<Element, HTMLAnchorElement>} */
    const links = new Map();
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".toc a"))) {
      const place = target(link.hash);
      if (place) links.set(place, link);
    }
    /** @type {HTMLAnchorElement | undefined} */
    let now;
    const seen = new IntersectionObserver(() => {
      const above = [...links.keys()].filter((place) => isShown(place) && place.getBoundingClientRect().top < innerHeight / 3);
      const link = links.get(above[above.length - 1]);
      if (link === now) return;
      now?.removeAttribute("aria-current");
      link?.setAttribute("aria-current", "true");
      now = link;
    }, { rootMargin: "0px 0px -66% 0px" });
    for (const place of links.keys()) seen.observe(place);
  }

  /** What a fragment such as `#a` leads to; one that no text can be read from leads nowhere. @param {string} hash */
  function target(hash) {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch (malformed) {
      return null;
    }
  }

  /** @param {Element} place */
  function isShown(place) {
    return place.getClientRects().length > 0;
  }

  // What was chosen on one role holds for the next, until a link leads to something that is hidden.
  function keepSwitch() {
    const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".switch input"));
    if (!inputs.length) return;
    for (const input of inputs) {
      if (input.value === kept(today, "show")) input.checked = true;
      input.onchange = () => { kept(today, "show", input.value); };
    }
    delete root.dataset.show;
    const reveal = () => {
      const place = target(location.hash);
      if (!place || isShown(place)) return;
      inputs[0].checked = true;
      place.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    reveal();
  }

  // A map begins where the roles in sight do: above them there may be room for the grades of others. A link to one of them
  // shows all of the map that fits, with the families above.
  function openMap() {
    const map = document.querySelector(".map");
    if (!map) return;
    const whole = () => { if (target(location.hash)?.closest(".map")) map.scrollIntoView(); };
    addEventListener("load", whole);
    addEventListener("hashchange", whole);
    if (location.hash) return;
    const { right } = map.getBoundingClientRect();
    const tops = [...map.querySelectorAll(".career .role rect")].map((role) => role.getBoundingClientRect()).filter((role) => role.right < right).map((role) => role.top);
    const above = Math.min(...tops) - (map.querySelector(".career")?.getBoundingClientRect().top ?? 0) - 40;
    if (above > 0 && above < Infinity) map.scrollTop = above;
  }

  // The search itself is read when it is first asked for.
  function addSearch() {
    const button = document.querySelector("[data-search]");
    if (!(button instanceof HTMLButtonElement)) return;
    const { search } = button.dataset;
    /** @type {{ handbookSearch?: (typed?: string) => void }} */
    const found = /** @type {any} */ (window);
    function open() {
      if (found.handbookSearch) return found.handbookSearch();
      if (!(button instanceof HTMLButtonElement) || button.dataset.asked) return;
      button.dataset.asked = "yes";
      const script = document.createElement("script");
      script.src = search ?? "";
      // What is typed before there is a field to type into.
      let typed = "";
      /** @param {KeyboardEvent} event */
      const hold = (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || (event.key.length > 1 && event.key !== "Backspace")) return;
        event.preventDefault();
        typed = event.key.length > 1 ? typed.slice(0, -1) : typed + event.key;
      };
      addEventListener("keydown", hold);
      script.onload = () => {
        removeEventListener("keydown", hold);
        found.handbookSearch?.(typed);
      };
      script.onerror = () => {
        removeEventListener("keydown", hold);
        delete button.dataset.asked;
      };
      document.head.append(script);
    }
    button.onclick = open;
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      open();
    });
  }

  // A list is narrowed to the entries that have all that was chosen; the choice stands in the address. In the preview,
  // entries and what can be chosen may be new.
  function addFilter() {
    narrow();
    document.addEventListener("handbook:changed", () => narrow()?.());
  }

  /** Gives what writes the choice into the address, where there is a filter. @returns {(() => void) | undefined} */
  function narrow() {
    const form = document.querySelector("fieldset.filter");
    if (!(form instanceof HTMLFieldSetElement)) {
      for (const entry of document.querySelectorAll("main :is(.entry, .entry .counts, li[data-roles])[hidden]")) entry.removeAttribute("hidden");
      return;
    }
    const selects = [...form.querySelectorAll("select")];
    const reset = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    const output = /** @type {HTMLOutputElement} */ (form.querySelector("output"));
    const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main .entry")]);
    const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main li[data-roles]")]);
    // A department holds what is counted.
    const single = entries.filter((entry) => !entry.querySelector("li"));
    // How many there are in all is no news of what is left.
    const counts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main .entry .counts")]);
    const apply = () => {
      const chosen = selects.filter((select) => select.value);
      const department = chosen.find(({ name }) => name === "department")?.value;
      const words = chosen.filter(({ name }) => name !== "department").map(({ name, value }) => `${name}-${value}`);
      // One role must have all of them.
      /** @param {HTMLElement} entry */
      const fits = (entry) => (!department || !!entry.closest(`[data-department="${CSS.escape(department)}"]`))
        && (entry.dataset.roles ?? "").split(",").some((role) => words.every((word) => role.split(" ").includes(word)));
      for (const entry of entries) entry.hidden = !fits(entry);
      for (const group of groups) group.hidden = chosen.length > 0 && !group.querySelector("li[data-roles]:not([hidden])");
      for (const count of counts) count.hidden = chosen.length > 0;
      form.toggleAttribute("data-narrowed", chosen.length > 0);
      reset.hidden = !chosen.length;
      const left = single.filter((entry) => !entry.hidden).length;
      const [before, between, after] = (form.dataset.shown ?? "").split("{}");
      output.textContent = chosen.length ? `${before}${left}${between}${single.length}${after}` : "";
    };
    const asked = new URLSearchParams(location.search);
    for (const select of selects) {
      const value = asked.get(select.name) ?? "";
      select.value = [...select.options].some((option) => option.value === value) ? value : "";
    }
    const keep = () => {
      const query = new URLSearchParams(selects.filter((select) => select.value).map((select) => [select.name, select.value]));
      try {
        history.replaceState(null, "", location.pathname + (query.size ? "?" + query : "") + location.hash);
      } catch (refused) {}
    };
    form.onchange = () => { apply(); keep(); };
    reset.onclick = () => {
      for (const select of selects) select.value = "";
      apply();
      keep();
      selects[0].focus();
    };
    apply();
    return keep;
  }

  // The site brings the script that draws; it is loaded where there is something to draw.
  function drawDiagrams() {
    if (!words.mermaid || !document.querySelector("pre.mermaid")) return;
    const script = document.createElement("script");
    script.src = words.mermaid;
    script.onload = () => {
      const mermaid = /** @type {any} */ (window).mermaid;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      mermaid?.initialize({ startOnLoad: false, theme: dark ? "dark" : "default" });
      mermaid?.run({ querySelector: "pre.mermaid" });
    };
    document.head.append(script);
  }

  addSearch();
  addThemeChoice();
  keepSwitch();
  addMarks();
  copyLinks();
  followScroll();
  addFilter();
  openMap();
  drawDiagrams();
})();
