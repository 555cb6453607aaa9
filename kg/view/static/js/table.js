// The same content as the canvas, as a table: for reading, for screen readers, for print.
let tableRows = 100;

function selected() {
  const pick = resolvePick(state.pick);
  if (!pick) return seen.claims;
  if (pick.kind === "claim") return [pick.claim];
  return (pick.kind === "pair" ? claimsBetween.get(pick.pair) : claimsOf.get(pick.node.id)).filter(passes);
}

function showTable() {
  const rows = selected();
  const heads = ["subject", "predicate", "object", "modality", "holder", "date", "outlet", "evidence"];
  fill(byId("view-table"), el("table", {},
    el("thead", {}, el("tr", {}, heads.map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, rows.slice(0, tableRows).map(tableRow))),
  rows.length > tableRows && el("button", { type: "button", onclick: () => { tableRows += 200; showTable(); } }, `${t("more")} (${numberOf(rows.length - tableRows)})`));
}

function tableRow(claim) {
  const modality = modalityOf(claim);
  return el("tr", {},
    el("td", {}, endButton(claim.from)),
    el("td", {}, el("button", { type: "button", class: "link", onclick: () => pickClaim(claim.id) }, t(predicateKey(claim)))),
    el("td", {}, endButton(claim.to)),
    el("td", {}, el("span", { class: "modality", "data-modality": modality }, t("modality:" + modality))),
    el("td", {}, holdersOf(claim).flatMap((holder, i) => [i ? " \u203a " : "", bdi(holderName(holder))])),
    el("td", { class: "day" }, dateOf(claim) ? bdi(dayOf(dateOf(claim))) : "\u2014"),
    el("td", {}, bdi(outletName(claim.outlet) || "\u2014")),
    el("td", { dir: "auto" }, reveal(quoteOf(claim))));
}

function quoteOf(claim) {
  if (claim.sentence === undefined) return "";
  return Array.from(records.sentences[claim.sentence]).slice(...claim.quote).join("");
}

// ---- the tabs below the graph; only the open one is drawn
const tabs = { timeline: showTimeline, map: showMap, table: showTable };

function showDock() {
  document.body.dataset.dock = state.dock;
  document.body.dataset.tall = state.tall;
  byId("tall").setAttribute("aria-pressed", String(Boolean(state.tall)));
  for (const name of Object.keys(tabs)) {
    const open = state.dock === name;
    byId("view-" + name).hidden = !open;
    byId("tab-" + name).setAttribute("aria-selected", String(open));
    byId("tab-" + name).tabIndex = open ? 0 : -1;
  }
  fill(byId("frame-tools"));
  tabs[state.dock]();
}

function startTabs() {
  const names = Object.keys(tabs);
  for (const name of names) {
    byId("tab-" + name).addEventListener("click", () => commit((next) => { next.dock = name; }, { silent: true }));
    byId("tab-" + name).addEventListener("keydown", (event) => {
      const step = ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] || 0) * (state.lang === "ar" ? -1 : 1);
      if (!step) return;
      const next = names[(names.indexOf(name) + step + names.length) % names.length];
      commit((draft) => { draft.dock = next; }, { silent: true });
      byId("tab-" + next).focus();
    });
  }
  byId("tall").addEventListener("click", () => { network.once("resize", fitAll); commit((next) => { next.tall = next.tall ? 0 : 1; }, { silent: true }); });
  byId("view-timeline").addEventListener("keydown", onTimelineKey);
  addEventListener("resize", () => state.dock !== "table" && tabs[state.dock]());
}
