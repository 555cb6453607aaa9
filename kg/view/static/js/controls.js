// The words of the page, the legend that filters, the sliders, search, and the keys.
function translate() {
  document.documentElement.lang = state.lang;
  document.documentElement.dir = state.lang === "ar" ? "rtl" : "ltr";
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = t(place.dataset.word);
  for (const place of document.querySelectorAll("[data-word-label]")) {
    place.setAttribute("aria-label", t(place.dataset.wordLabel));
    if (place.tagName === "BUTTON") place.title = t(place.dataset.wordLabel);
  }
  for (const place of document.querySelectorAll("[data-word-hint]")) {
    place.placeholder = t(place.dataset.wordHint);
    place.setAttribute("aria-label", t(place.dataset.wordHint));
  }
  byId("canvas").setAttribute("aria-label", t("graph"));
  byId("switch").lang = state.lang === "ar" ? "en" : "ar";
}

function applyTheme() {
  const wanted = state.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = wanted;
}

function showCounts() {
  const events = eventNodes.length, claimsCount = records.edges.filter((claim) => claim.kind !== "role").length;
  byId("counts").textContent = [["entities", records.nodes.length - events], ["events", events], ["claims", claimsCount]].map(([key, count]) => `${t(key)}: ${numberOf(count)}`).join(" \u00b7 ");
  if (seen.nodes.length < records.nodes.length) announce(`${t("shown")}: ${numberOf(seen.nodes.length)} ${t("of")} ${numberOf(records.nodes.length)}`);
  else announce("");
  byId("undo").disabled = past.length === 0;
}

const announce = (text) => { byId("status").textContent = text; };

// ---- pictures of a type and of a line
const shapes = {
  dot: () => el("circle", { cx: 9, cy: 9, r: 6.5 }),
  square: () => el("rect", { x: 3, y: 3, width: 12, height: 12 }),
  triangle: () => el("polygon", { points: "9,2 16,15 2,15" }),
  triangleDown: () => el("polygon", { points: "2,3 16,3 9,16" }),
  diamond: () => el("polygon", { points: "9,1.5 16.5,9 9,16.5 1.5,9" }),
  hexagon: () => el("polygon", { points: "5.2,2.5 12.8,2.5 16.5,9 12.8,15.5 5.2,15.5 1.5,9" }),
};

function swatch(node) {
  const look = lookOf(node);
  return el("svg", { viewBox: "0 0 18 18", width: 16, height: 16, class: "swatch", "aria-hidden": "true" }, el("g", { fill: look.colour }, (shapes[look.shape] || shapes.dot)()));
}

function lineSwatch(modality) {
  const look = settings.style.modalities[modality];
  return el("svg", { viewBox: "0 0 28 18", width: 28, height: 18, class: "swatch line", "aria-hidden": "true" },
    el("line", { x1: 1, y1: 9, x2: 27, y2: 9, stroke: modalityColour(modality), "stroke-width": 2.2, "stroke-dasharray": look.dash.join(" ") || null }),
    look.crossed && el("path", { d: "M10 5l8 8m0-8l-8 8", stroke: modalityColour(modality), "stroke-width": 2 }));
}

// ---- the filters
function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

let tallies = {}, samples = new Map(), days = {};

function countAll() {
  tallies = {
    type: tally(records.nodes.map(typeKey)),
    modality: Object.keys(settings.style.modalities).map((key) => [key, records.edges.filter((claim) => modalityOf(claim) === key).length]),
    predicate: tally(records.edges.map(predicateKey)),
    outlet: tally(records.edges.map((claim) => claim.outlet || "")),
    holder: tally(records.edges.flatMap(holdersOf)),
  };
  samples = new Map(records.nodes.map((node) => [typeKey(node), node]));
  const sorted = (values) => [...new Set(values.filter(Boolean).map((day) => day.slice(0, 10)))].sort();
  days = { event: sorted([...records.edges.map((claim) => claim.date), ...eventNodes.map((node) => node.date)]), article: sorted(records.edges.map((claim) => claim.published)) };
}

const captions = { type: t, modality: (key) => t("modality:" + key), predicate: t, outlet: (name) => outletName(name) || "\u2014", holder: holderName };

function option(group, value, count) {
  const off = state.off[group].includes(value);
  const picture = group === "type" ? swatch(samples.get(value)) : group === "modality" ? lineSwatch(value) : null;
  const toggle = () => commit((next) => { next.off[group] = off ? next.off[group].filter((item) => item !== value) : [...next.off[group], value]; });
  return el("li", { class: "option" + (off ? " off" : "") }, el("label", {},
    el("input", { type: "checkbox", checked: !off, onchange: toggle, "data-group": group, "data-value": value }), picture,
    bdi(captions[group](value)), el("span", { class: "count" }, numberOf(count))));
}

function allOrNone(group) {
  const every = tallies[group].map(([value]) => value);
  const none = state.off[group].length >= every.length;
  return el("button", { type: "button", class: "link", onclick: () => commit((next) => { next.off[group] = none ? [] : every; }) }, t(none ? "all" : "none"));
}

function optionList(group, keep = () => true, limit = 60) {
  return el("ul", {}, tallies[group].filter(([value, count]) => count > 0 && keep(value)).slice(0, limit).map(([value, count]) => option(group, value, count)));
}

const unfolded = new Set(["event-types"]);
const remember = (name) => (event) => unfolded[event.target.open ? "add" : "delete"](name);
const eventSection = () => el("details", { open: unfolded.has("event-types"), ontoggle: remember("event-types") }, el("summary", {}, t("event-types")), optionList("type", (key) => key.startsWith("event:")));
function section(group) {
  const open = unfolded.has(group) || state.off[group].length > 0;
  return el("details", { open, ontoggle: remember(group) }, el("summary", {}, t(group)), allOrNone(group), optionList(group));
}

function slider(name) {
  const steps = days[name];
  if (steps.length < 2) return null;
  const ends = [0, 1].map((end) => {
    const at = state[name][end] ? Math.max(0, steps.indexOf(state[name][end])) : end * (steps.length - 1);
    return el("label", {}, t(end ? "until" : "from"), el("input", { type: "range", min: 0, max: steps.length - 1, value: at, "data-range": name, "data-end": end, "aria-valuetext": dayOf(steps[at]), oninput: (event) => moveSlider(name, end, +event.target.value) }));
  });
  const shown = [0, 1].map((end) => dayOf(state[name][end] || steps[end * (steps.length - 1)]));
  return el("fieldset", { class: "range" }, el("legend", {}, t(name + "-dates")), ends, el("output", {}, bdi(shown[0]), " \u2013 ", bdi(shown[1])));
}

function moveSlider(name, end, at) {
  const steps = days[name];
  commit((next) => {
    const range = [0, 1].map((i) => (next[name][i] ? steps.indexOf(next[name][i]) : i * (steps.length - 1)));
    range[end] = at;
    if (range[0] > range[1]) range[1 - end] = at;
    next[name] = range[0] === 0 && range[1] === steps.length - 1 ? ["", ""] : range.map((i) => steps[i]);
  });
}

function confidenceSlider() {
  return el("fieldset", { class: "range" }, el("legend", {}, t("confidence")),
    el("input", { type: "range", min: 0, max: 1, step: 0.05, value: state.confidence, id: "confidence", "aria-label": t("confidence"), oninput: (event) => commit((next) => { next.confidence = +event.target.value; }) }),
    el("output", {}, Math.round(state.confidence * 100) + "%"));
}

function showFilters() {
  const focused = document.activeElement;
  const mark = focused && byId("filters").contains(focused) ? { ...focused.dataset, id: focused.id } : null;
  fill(byId("filters"),
    el("fieldset", {}, el("legend", {}, t("types")), optionList("type", (key) => key.startsWith("type:"))),
    el("fieldset", {}, el("legend", {}, t("modality")), optionList("modality")),
    slider("event"), slider("article"), confidenceSlider(),
    eventNodes.length > 0 && eventSection(),
    section("predicate"), section("outlet"), section("holder"));
  if (mark) [...byId("filters").querySelectorAll("input")].find((input) => input.id === mark.id && input.dataset.group === mark.group && input.dataset.value === mark.value && input.dataset.range === mark.range && input.dataset.end === mark.end)?.focus();
}

// ---- search
let marked = -1;
function showFound() {
  const hits = find(byId("search").value, 12);
  marked = hits.length ? 0 : -1;
  const items = hits.map(({ node, by }, i) => el("li", { role: "option", id: "hit-" + i, "data-node": node.id, "aria-selected": i === 0, onmousedown: (event) => { event.preventDefault(); choose(node.id); } },
    swatch(node), bdi(nameOf(node)), by !== nameOf(node) && el("span", { class: "also" }, bdi(by)), el("span", { class: "kind" }, t(typeKey(node)))));
  const typed = byId("search").value.trim() !== "";
  fill(byId("found"), items.length ? items : el("li", { role: "option", "aria-disabled": true, "aria-selected": false }, t("no-results")));
  toggleFound(typed);
}

function toggleFound(open) {
  byId("found").hidden = !open;
  byId("search").setAttribute("aria-expanded", String(open));
  if (open && marked >= 0) byId("search").setAttribute("aria-activedescendant", "hit-" + marked);
  else byId("search").removeAttribute("aria-activedescendant");
}

function choose(id) {
  toggleFound(false);
  byId("search").value = "";
  pickNode(id);
  lookAt(id, Math.max(0.8, network.getScale()));
}

function onSearchKey(event) {
  const items = [...byId("found").querySelectorAll("[data-node]")];
  if (event.key === "Escape") { byId("search").value = ""; return toggleFound(false); }
  if (event.key === "Enter" && items[marked]) return choose(items[marked].dataset.node);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !items.length) return;
  event.preventDefault();
  marked = (marked + step + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === marked)));
  items[marked].scrollIntoView({ block: "nearest" });
  toggleFound(true);
}

// ---- keys on the graph
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function onGraphKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = resolvePick(state.pick)?.node;
  const act = arrows[event.key] ? () => walk(...arrows[event.key]) : {
    Enter: () => byId("panel").focus(), Escape: () => commit((next) => { next.pick = ""; next.open = ""; next.path = []; next.only = ""; }),
    KeyH: () => node && hideNode(node.id), KeyP: () => node && togglePin(node.id), KeyE: () => node && expand(node.id), KeyU: undo, KeyF: fitAll, Equal: () => zoomBy(1.25), Minus: () => zoomBy(0.8),
  }[event.key === "Enter" || event.key === "Escape" ? event.key : event.code];
  if (!act) return;
  event.preventDefault();
  act();
}

function onAnyKey(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ" && !typing) { event.preventDefault(); undo(); }
  if (event.key === "/" && !typing) { event.preventDefault(); byId("search").focus(); }
}
