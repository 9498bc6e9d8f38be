// What has to be known before the page is painted, so that nothing changes its colour or its place afterwards. All other
// scripts wait until the page is read.
// @ts-check
(() => {
  "use strict";
  const data = document.documentElement.dataset;
  data.scripts = "";
  if (location.search) data.asks = "";
  // Some browsers refuse storage, for instance for local files.
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") data.theme = theme;
    if (sessionStorage.getItem("show") === "new") data.show = "new";
  } catch (refused) {}
})();
