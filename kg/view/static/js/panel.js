// The panel: what is picked, and every claim with its words, its speakers and what stands against it.
const officePredicates = new Set(["holdsOffice", "formerOffice", "designatedTo"]);
const firstCards = matchMedia("(max-width: 760px)").matches ? 6 : 25;
let cards = firstCards;
let lastPick = "";

// What had the focus gets it again, so that a keyboard does not lose its place when the panel is written anew.
function showPanel() {
  const panel = byId("panel"), before = [...panel.querySelectorAll("button, a, summary")].indexOf(document.activeElement);
  const same = state.pick === lastPick;
  writePanel();
  if (before < 0) return;
  const now = panel.querySelectorAll("button, a, summary");
  ((same && now[Math.min(before, now.length - 1)]) || panel).focus({ preventScroll: true });
}

function writePanel() {
  const pick = resolvePick(state.pick);
  if (state.pick !== lastPick) {
    cards = firstCards;
    byId("panel").scrollTop = 0;
    lastPick = state.pick;
  }
  if (!pick) return fill(byId("panel"), welcome());
  if (pick.kind === "node") return fill(byId("panel"), nodePanel(pick.node));
  const pair = pick.kind === "pair" ? pick.pair : pairOf(pick.claim);
  const all = claimsBetween.get(pair);
  const first = pick.kind === "claim" ? [pick.claim] : [];
  const rest = all.filter((claim) => claim !== pick.claim && passes(claim));
  fill(byId("panel"),
    el("h2", {}, endButton(all[0].from), " \u2014 ", endButton(all[0].to)),
    first.map((claim) => claimCard(claim, { picked: true })),
    rest.length > 0 && el("h3", {}, `${t("claim-count")} (${numberOf(all.length)})`),
    rest.slice(0, cards).map((claim) => claimCard(claim)), moreButton(rest.length));
}

const welcome = () => el("div", { class: "welcome" }, el("p", {}, t("welcome")), el("p", {}, t("welcome-size")), el("p", {}, t("keys")));

function moreButton(total) {
  return total > cards && el("button", { type: "button", onclick: () => { cards += 50; showPanel(); } }, `${t("more")} (${numberOf(total - cards)})`);
}

function endButton(id) {
  return el("button", { type: "button", class: "link", onclick: () => { pickNode(id); byId("panel").focus({ preventScroll: true }); } }, bdi(nameOf(nodes.get(id))));
}

function nodePanel(node) {
  const all = claimsOf.get(node.id).filter(passes).sort((a, b) => (dateOf(b) || b.published || "").localeCompare(dateOf(a) || a.published || ""));
  const other = state.lang === "ar" ? node.en : node.ar;
  const offices = all.filter((claim) => officePredicates.has(claim.predicate));
  const against = rivalEvents(node);
  return [
    el("h2", {}, bdi(nameOf(node))),
    other && other !== nameOf(node) && el("p", { class: "other" }, bdi(other, { lang: state.lang === "ar" ? "en" : "ar" })),
    el("div", { class: "badges" }, el("span", { class: "badge" }, swatch(node), t(typeKey(node))),
      node.responsibility && el("span", { class: "badge" }, t("responsibility:" + node.responsibility)),
      against.length > 0 && el("span", { class: "badge modality", "data-modality": "negated" }, t("contested"))),
    actions(node),
    factsOf(node),
    offices.length > 0 && [el("h3", {}, t("offices")), el("dl", { class: "facts" }, offices.slice(0, 12).flatMap((claim) => [
      el("dt", {}, t(predicateKey(claim))),
      el("dd", {}, endButton(otherEnd(claim, node.id)), officeDates(claim)),
    ]))],
    against.length > 0 && [el("h3", {}, t("rivals")), el("ul", {}, against.slice(0, 12).map((event) => el("li", {}, endButton(event.id), " ", figures(event))))],
    node.sentence !== undefined && [el("h3", {}, t("told")), toldCard(node)],
    all.length > 0 && el("h3", {}, `${t("claims")} (${numberOf(all.length)})`),
    together(all).slice(0, cards).map((group) => claimCard(group[0], { also: group.slice(1) })), moreButton(together(all).length),
  ];
}

// What one voice says in one sentence is one card: the roles of an event, the offices of a person.
function together(all) {
  const groups = new Map();
  for (const claim of all) {
    const key = JSON.stringify([claim.document, claim.sentence, claim.quote, modalityOf(claim), claim.holders, claim.sentence === undefined ? claim.id : 0]);
    if (groups.has(key)) groups.get(key).push(claim);
    else groups.set(key, [claim]);
  }
  return [...groups.values()];
}

const toldCard = (event) => el("article", { class: "claim", "data-modality": modalityOf(event) }, howSaid(event, event.date), quotation(event), speakers(event));

function howSaid(telling, date) {
  const modality = modalityOf(telling);
  return el("p", { class: "meta" }, el("span", { class: "modality", "data-modality": modality }, t("modality:" + modality)),
    telling.certainty && bdi(telling.certainty),
    telling.confidence !== undefined && el("span", {}, `${t("confidence-short")} `, el("meter", { min: 0, max: 1, value: telling.confidence, "aria-label": t("confidence-short") }), ` ${Math.round(telling.confidence * 100)}%`),
    date && bdi(dayOf(date)));
}

function triple(claim) {
  const predicate = el("button", { type: "button", class: "link predicate", onclick: () => pickClaim(claim.id) }, t(predicateKey(claim)));
  if (claim.kind === "role") return el("p", { class: "triple" }, endButton(claim.from), " \u00b7 ", predicate, ": ", endButton(claim.to));
  return el("p", { class: "triple" }, endButton(claim.from), " ", predicate, " ", endButton(claim.to));
}

function officeDates(claim) {
  const span = claim.valid_from || claim.valid_until ? [claim.valid_from, claim.valid_until].map((day) => (day ? dayOf(day) : "\u2026")).join(" \u2013 ") : claim.date ? dayOf(claim.date) : "";
  return span && el("span", { class: "other" }, " (", bdi(span), ")");
}

const figures = (event) => bdi(listed(["count", "killed", "wounded"].filter((field) => event[field] !== undefined).map((field) => `${t(field)}: ${numberOf(event[field])}`)), { class: "other" });

function factsOf(node) {
  const rows = [];
  const add = (term, ...value) => rows.push(el("dt", {}, term), el("dd", {}, value));
  if (node.aliases) add(t("aliases"), node.aliases.slice(0, 12).flatMap((alias, i) => [i ? comma() : "", bdi(alias)]));
  if (node.kind === "event") add(t("date"), dayOf(node.date));
  for (const field of ["count", "killed", "wounded"]) if (node[field] !== undefined) add(t(field), numberOf(node[field]));
  for (const [key, value] of Object.entries(node.attributes || {})) if (key !== "lat" && key !== "lon") add(bdi(t("attribute:" + key)), nodes.has(value) ? endButton(value) : bdi(value));
  if (node.lexicon || node.iri) add(t("identifiers"), bdi(node.iri || node.lexicon, { dir: "ltr" }));
  return rows.length > 0 && [el("h3", {}, t("facts")), el("dl", { class: "facts" }, rows)];
}

function actions(node) {
  const pinned = Boolean(state.pinned[node.id]);
  const button = (key, act) => el("button", { type: "button", onclick: act }, t(key));
  return el("div", { class: "actions" },
    button("expand", () => expand(node.id)),
    state.only === node.id ? button("all", () => commit((next) => { next.only = ""; })) : button("focus", () => { commit((next) => { next.only = node.id; }); fitAll(); }),
    button(pathStart && pathStart !== node.id ? "path-to" : "path-from", () => startPath(node.id)),
    button(pinned ? "unpin" : "pin", () => togglePin(node.id)),
    button("hide", () => hideNode(node.id)));
}

function startPath(id) {
  if (pathStart && pathStart !== id) return onNode(id);
  pathStart = id;
  announce(t("path-pick"));
  showPanel();
}

function togglePin(id) {
  if (!state.pinned[id]) return pinHere(id);
  commit((next) => { next.pinned = Object.fromEntries(Object.entries(next.pinned).filter(([other]) => other !== id)); });
}

const hideNode = (id) => commit((next) => {
  next.hidden = [...next.hidden, id];
  next.pick = "";
  next.path = [];
  next.shown = next.shown.filter((other) => other !== id);
  next.pinned = Object.fromEntries(Object.entries(next.pinned).filter(([other]) => other !== id));
});

function claimCard(claim, { picked = false, nested = false, also = [] } = {}) {
  const inside = [claim, ...also];
  const unique = (list) => [...new Set(list)].filter((other) => !inside.includes(other));
  const rivals = nested ? [] : unique(inside.flatMap(rivalsOf));
  const others = nested || !picked ? [] : unique(inside.flatMap(sameSaid));
  return el("article", { class: "claim" + (picked ? " picked" : ""), "data-modality": modalityOf(claim), "data-claim": claim.id },
    inside.map(triple), howSaid(claim, dateOf(claim)), quotation(claim), speakers(claim),
    rivals.length > 0 && el("details", picked ? { open: true } : {}, el("summary", {}, `${t("rivals")} (${numberOf(rivals.length)})`), rivals.slice(0, 12).map((other) => claimCard(other, { nested: true }))),
    others.length > 0 && el("details", {}, el("summary", {}, `${t("same")} (${numberOf(others.length)})`), others.slice(0, 12).map((other) => claimCard(other, { nested: true }))));
}

// Offsets count code points, as in Python; JavaScript counts UTF-16 units.
function quotation(claim) {
  if (claim.sentence === undefined) return null;
  const text = Array.from(records.sentences[claim.sentence]);
  const [start, end] = claim.quote;
  const part = (from, to) => reveal(text.slice(from, to).join(""));
  return el("blockquote", { dir: "auto" }, part(0, start), end > start && el("mark", {}, part(start, end)), part(end));
}

function speakers(claim) {
  const chain = holdersOf(claim);
  const outlet = outletName(claim.outlet) || t("outlet");
  const date = claim.published ? [" ", el("span", { class: "then" }, "(", bdi(dayOf(claim.published)), ")")] : "";
  const names = chain[0] === OWN_VOICE ? [" ", el("span", { class: "then" }, "\u2014 " + t(OWN_VOICE))]
    : chain.flatMap((holder) => [" ", el("span", { class: "then" }, t("quoting")), " ", nodes.has(holder) ? el("span", { class: "who" }, endButton(holder)) : el("span", { class: "who" }, bdi(holderName(holder)))]);
  return el("p", { class: "chain" }, el("span", { class: "who" }, bdi(outlet)), date, names,
    claim.title && [" ", el("span", { class: "then" }, "\u00ab", bdi(claim.title), "\u00bb")],
    claim.url && [" ", el("a", { href: claim.url, target: "_blank", rel: "noopener noreferrer" }, t("open-article"))]);
}
