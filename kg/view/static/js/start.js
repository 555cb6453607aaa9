// Everything is put together here, once.
async function start() {
  applyTheme();
  await load();
  countAll();
  state = readAddress();
  applyTheme();
  startCanvas();
  listeners.push(applyTheme, translate, showFilters, syncCanvas, showPanel, showCounts, showDock, showExport);
  startTabs();
  refresh();
  network.once("resize", fitAll); // the dock may take its height only now
  fitAll();
  byId("undo").addEventListener("click", undo);
  byId("fit").addEventListener("click", fitAll);
  byId("zoom-in").addEventListener("click", () => zoomBy(1.25));
  byId("zoom-out").addEventListener("click", () => zoomBy(0.8));
  byId("physics").addEventListener("click", togglePhysics);
  byId("reset").addEventListener("click", () => { commit((next) => Object.assign(next, blank(), { lang: next.lang, theme: next.theme, dock: next.dock, tall: next.tall })); fitAll(); });
  byId("switch").addEventListener("click", () => commit((next) => { next.lang = next.lang === "ar" ? "en" : "ar"; }, { silent: true }));
  byId("theme").addEventListener("click", () => commit((next) => { next.theme = dark() ? "light" : "dark"; }, { silent: true }));
  byId("toggle-filters").addEventListener("click", () => {
    const open = document.body.classList.toggle("filters-open");
    byId("toggle-filters").setAttribute("aria-expanded", String(open));
  });
  byId("search").addEventListener("input", showFound);
  byId("search").addEventListener("keydown", onSearchKey);
  byId("search").addEventListener("blur", () => toggleFound(false));
  byId("canvas").addEventListener("keydown", onGraphKey);
  document.addEventListener("keydown", onAnyKey);
  addEventListener("hashchange", () => { state = readAddress(); refresh(); });
  byId("copy").addEventListener("click", copyLink);
  document.addEventListener("click", (event) => { if (!byId("export").contains(event.target)) byId("export").open = false; });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  addEventListener("beforeprint", () => Object.values(tabs).forEach((show) => show()));
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
}
start();
