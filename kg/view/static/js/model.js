// Nodes, claims and how they hang together; nothing here touches the screen.
const nodes = new Map();
const claims = new Map();
const claimsOf = new Map();
const claimsBetween = new Map();
const eventNodes = [];
const pairOf = (claim) => JSON.stringify(claim.from < claim.to ? [claim.from, claim.to] : [claim.to, claim.from]);

const take = {
  nodes(node) {
    nodes.set(node.id, node);
    claimsOf.set(node.id, []);
    if (node.kind === "event") eventNodes.push(node);
  },
  edges(claim) {
    claims.set(claim.id, claim);
    claimsOf.get(claim.from).push(claim);
    if (claim.to !== claim.from) claimsOf.get(claim.to).push(claim);
    if (claim.outlet_ar) outlets.set(claim.outlet, claim.outlet_ar);
    const pair = pairOf(claim);
    const known = claimsBetween.get(pair);
    if (known) known.push(claim);
    else claimsBetween.set(pair, [claim]);
  },
  sentences() {},
};

// The data comes in parts; between two of many the browser may breathe, so that no graph freezes it.
async function load() {
  const parts = [...document.querySelectorAll("script[data-part]")];
  for (const [done, part] of parts.entries()) {
    const kind = part.dataset.part;
    for (const item of JSON.parse(part.textContent)) {
      records[kind].push(item);
      take[kind](item);
    }
    if (parts.length <= 6) continue;
    announce(Math.round((100 * done) / parts.length) + "%");
    await new Promise((resume) => setTimeout(resume));
  }
}

const otherEnd = (claim, id) => (claim.from === id ? claim.to : claim.from);
const neighboursOf = (id) => new Set(claimsOf.get(id).map((claim) => otherEnd(claim, id)).filter((other) => other !== id));
const nameOf = (node) => (state.lang === "ar" ? node.ar || node.en : node.en || node.ar) || node.label || node.id;
const typeKey = (node) => (node.kind === "event" ? "event:" : "type:") + (node.type || "other");
const lookOf = (node) => (node.kind === "event" ? settings.style.event : settings.style.types[node.type] || settings.style.other);
const predicateKey = (claim) => (claim.kind === "role" ? "role:" : "predicate:") + claim.predicate;
const modalityOf = (claim) => (settings.style.modalities[claim.modality] ? claim.modality : "asserted");
const dateOf = (claim) => claim.date || nodes.get(claim.from).date || nodes.get(claim.to).date || "";
const outlets = new Map(); // English name to Arabic name
const outletName = (outlet) => (state.lang === "ar" && outlets.get(outlet)) || outlet;
const OWN_VOICE = "own-voice";

// A holder is the id of a node or a bare label; "author" and the outlet itself are the outlet's own voice.
function holdersOf(claim) {
  const named = (claim.holders || []).filter((holder) => holder !== "author" && holder !== claim.outlet);
  return named.length ? named : [OWN_VOICE];
}

function holderName(holder) {
  if (holder === OWN_VOICE) return t(OWN_VOICE);
  return nodes.has(holder) ? nameOf(nodes.get(holder)) : holder;
}

const functional = new Set(["holdsOffice", "designatedTo", "leads"]);
const compatible = new Set(["asserted", "claimed"]);

function rivalsOf(claim) {
  return (claimsBetween.get(pairOf(claim)) || []).concat(functional.has(claim.predicate) ? claimsOf.get(claim.to) : [])
    .filter((other, index, all) => all.indexOf(other) === index && other !== claim && other.predicate === claim.predicate && isRival(claim, other));
}

function isRival(claim, other) {
  const same = claim.from === other.from && claim.to === other.to;
  if (same) return (modalityOf(claim) === "negated") !== (modalityOf(other) === "negated");
  if (!functional.has(claim.predicate)) return false;
  const dates = [claim.date, other.date];
  return claim.to === other.to && compatible.has(modalityOf(claim)) && compatible.has(modalityOf(other)) && dates[0] === dates[1];
}

const sameSaid = (claim) => (claimsBetween.get(pairOf(claim)) || []).filter((other) => other !== claim && other.predicate === claim.predicate
  && other.from === claim.from && (modalityOf(other) === "negated") === (modalityOf(claim) === "negated"));

const partners = (event, roles) => new Set(claimsOf.get(event.id).filter((claim) => claim.kind === "role" && roles.includes(claim.predicate)).map((claim) => otherEnd(claim, event.id)));

// Two tellings of one event rival each other when type and day agree, a place or target is shared, and a figure or the agent is not.
function rivalEvents(event) {
  if (event.kind !== "event" || !event.date) return [];
  const where = partners(event, ["place", "target"]);
  const who = partners(event, ["agent"]);
  return eventNodes.filter((other) => {
    if (other === event || other.type !== event.type || (other.date || "").slice(0, 10) !== event.date.slice(0, 10)) return false;
    if (![...partners(other, ["place", "target"])].some((place) => where.has(place))) return false;
    const figures = ["count", "killed", "wounded"].some((field) => event[field] !== undefined && other[field] !== undefined && event[field] !== other[field]);
    const theirs = partners(other, ["agent"]);
    return figures || (who.size && theirs.size && ![...theirs].some((agent) => who.has(agent)));
  });
}

let keys = null;
function searchKeys() {
  if (!keys) keys = records.nodes.map((node) => ({ node, names: [node.ar, node.en, node.label, ...(node.aliases || [])].filter(Boolean).map((name) => ({ name, folded: fold(name) })) }));
  return keys;
}

// Best first: the whole name, its beginning, the beginning of a word, anywhere; then the most spoken of.
function find(query, limit) {
  const wanted = fold(query);
  if (!wanted) return [];
  const bare = wanted.replace(/^\u0627\u0644/, "");
  const hits = [];
  searchKeys().forEach(({ node, names }, rank) => {
    let best = 9, by = "";
    for (const { name, folded } of names) {
      const at = folded.indexOf(wanted);
      const score = folded === wanted ? 0 : at === 0 ? 1 : at > 0 && folded[at - 1] === " " ? 2 : at > 0 ? 4 : bare.length > 2 && folded.includes(bare) ? 5 : 9;
      if (score < best) [best, by] = [score, name];
    }
    if (best < 9) hits.push({ node, by, score: best, rank });
  });
  if (hits.length < 3) hits.push(...alike(wanted, new Set(hits.map((hit) => hit.node))));
  return hits.sort((a, b) => a.score - b.score || a.rank - b.rank).slice(0, limit);
}

// What spellings of one name share: its consonants, those that are written in several ways as one letter.
const latinSounds = [[/tsch|sch|tch|sh|ch/g, "C"], [/kh/g, "x"], [/gh|ck|qu|[cq]/g, "k"], [/ph|v/g, "f"], [/th/g, "t"], [/dh/g, "d"], [/dj|g/g, "j"], [/p/g, "b"], [/h$/, ""], [/[aeiouyw]/g, ""], [/(.)\1+/g, "$1"]];
const latinArticles = new Set(["al", "el", "ul", "il", "ad", "an", "ar", "as", "at", "az", "ash"]);
function sounds(folded) {
  return folded.split(" ").filter((word) => !latinArticles.has(word))
    .map((word) => (/[a-z]/.test(word) ? latinSounds.reduce((text, [from, to]) => text.replace(from, to), word) : word.replace(/^\u0627\u0644/, "").replace(/[\u0627\u0648\u064a\u0621]/g, "")))
    .filter(Boolean);
}

function alike(wanted, found) {
  const asked = sounds(wanted);
  if (asked.join("").length < 3) return [];
  const answers = [];
  searchKeys().forEach((entry, rank) => {
    if (found.has(entry.node)) return;
    for (const name of entry.names) name.sounds ??= sounds(name.folded);
    const name = entry.names.find(({ sounds: heard }) => asked.every((part) => heard.some((word) => word.startsWith(part))));
    if (name) answers.push({ node: entry.node, by: name.name, score: 6, rank });
  });
  return answers;
}

// Breadth first over what passes the filters; the shortest chain of claims between two nodes.
function pathBetween(from, to, allowed) {
  const before = new Map([[from, null]]);
  const queue = [from];
  while (queue.length && !before.has(to)) {
    const here = queue.shift();
    for (const claim of claimsOf.get(here)) {
      const next = otherEnd(claim, here);
      if (before.has(next) || !allowed(claim, next)) continue;
      before.set(next, here);
      queue.push(next);
    }
  }
  if (!before.has(to)) return null;
  const path = [to];
  while (before.get(path[0]) !== null) path.unshift(before.get(path[0]));
  return path;
}
