// The pages work without any of this: it adds the theme switch, link marks, and the place in the table of contents.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = matchMedia("(prefers-color-scheme: dark)");

  // Some browsers refuse storage, for instance for local files.
  function kept(key, value) {
    try {
      var store = key === "theme" ? localStorage : sessionStorage;
      if (value === undefined) return store.getItem(key);
      if (value) store.setItem(key, value);
      else store.removeItem(key);
    } catch (refused) {}
  }

  // Before the page is painted.
  var theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  }

  function addThemeSwitch() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    function tell() {
      button.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", button.textContent + " theme");
    }
    button.onclick = function () {
      var next = isDark() ? "light" : "dark";
      var system = dark.matches ? "dark" : "light";
      if (next === system) delete root.dataset.theme;
      else root.dataset.theme = next;
      kept("theme", next === system ? "" : next);
      tell();
    };
    dark.addEventListener("change", tell);
    tell();
    document.querySelector("header.site").append(button);
  }

  // A link to each heading and item; those of items are for the mouse alone, so that the Tab key passes them by.
  function addMarks() {
    document.querySelectorAll("main :is(h2, h3, h4, li)[id]").forEach(function (at) {
      var mark = document.createElement("a");
      mark.className = "mark";
      mark.href = "#" + at.id;
      mark.textContent = "#";
      mark.setAttribute("aria-label", "Link to this place");
      if (at.tagName === "LI") mark.tabIndex = -1;
      at.insertBefore(mark, at.querySelector(":scope > :is(small, details, ul, ol)"));
    });
  }

  function followScroll() {
    var links = {};
    var now;
    document.querySelectorAll(".toc a").forEach(function (link) {
      links[decodeURIComponent(link.hash.slice(1))] = link;
    });
    var places = Object.keys(links).map(function (id) { return document.getElementById(id); }).filter(Boolean);
    var seen = new IntersectionObserver(function () {
      var above = places.filter(function (place) { return isShown(place) && place.getBoundingClientRect().top < innerHeight / 3; });
      var link = above.length && links[above[above.length - 1].id];
      if (link === now) return;
      if (now) now.removeAttribute("aria-current");
      if (link) link.setAttribute("aria-current", "true");
      now = link;
    }, { rootMargin: "0px 0px -66% 0px" });
    places.forEach(function (place) { seen.observe(place); });
  }

  function isShown(place) {
    return place.getClientRects().length > 0;
  }

  // What was chosen on one role holds for the next, until a link leads to something that is hidden.
  function keepSwitch() {
    var inputs = document.querySelectorAll(".switch input");
    if (!inputs.length) return;
    inputs.forEach(function (input) {
      if (input.value === kept("show")) input.checked = true;
      input.onchange = function () { kept("show", input.value); };
    });
    function reveal() {
      var place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!place || isShown(place)) return;
      inputs[0].checked = true;
      place.scrollIntoView();
    }
    addEventListener("hashchange", reveal);
    reveal();
  }

  // The search itself is read when it is first asked for.
  function addSearch() {
    var place = document.querySelector("[data-search]");
    if (!place) return;
    var button = document.createElement("button");
    button.type = "button";
    button.append("Search ");
    button.append(Object.assign(document.createElement("kbd"), { textContent: "/" }));
    button.setAttribute("aria-label", "Search");
    button.setAttribute("aria-keyshortcuts", "/");
    button.setAttribute("aria-haspopup", "dialog");
    function open() {
      if (window.handbookSearch) return window.handbookSearch();
      if (button.dataset.asked) return;
      button.dataset.asked = "yes";
      var script = document.createElement("script");
      script.src = place.dataset.search;
      script.onload = function () { window.handbookSearch(); };
      script.onerror = function () { delete button.dataset.asked; };
      document.head.append(script);
    }
    button.onclick = open;
    addEventListener("keydown", function (event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      open();
    });
    place.append(button);
  }

  document.addEventListener("DOMContentLoaded", function () {
    addSearch();
    addThemeSwitch();
    keepSwitch();
    addMarks();
    followScroll();
  });
})();
