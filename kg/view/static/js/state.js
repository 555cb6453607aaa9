// One plain object says what is seen. Every change goes through commit(), so all of it can be undone and linked to.
const groups = ["type", "modality", "predicate", "outlet", "holder"];
const blank = () => ({ lang: settings.language, theme: "", pick: "", shown: [], hidden: [], pinned: {}, open: "", off: Object.fromEntries(groups.map((group) => [group, []])), confidence: 0, event: ["", ""], article: ["", ""], path: [], only: "", dock: "timeline", tall: 0, all: 0 });
let state = blank();
const past = [];
const listeners = [];

function commit(change, { silent = false } = {}) {
  const before = JSON.stringify(state);
  change(state);
  if (JSON.stringify(state) === before) return;
  if (!silent) {
    past.push(before);
    if (past.length > 200) past.shift();
  }
  writeAddress();
  refresh();
}

function undo() {
  if (!past.length) return;
  state = JSON.parse(past.pop());
  writeAddress();
  refresh();
}

const refresh = () => listeners.forEach((listener) => listener());

// The address: name=value pairs of what differs from the blank state; lists and objects as JSON.
function writeAddress() {
  const fresh = blank();
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (JSON.stringify(value) !== JSON.stringify(fresh[name])) parts.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  const hash = parts.toString();
  try {
    history.replaceState(null, "", hash ? "#" + hash : "#");
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // srcdoc frames have no address of their own
  }
}

function readAddress() {
  const read = blank();
  for (const [name, text] of new URLSearchParams(location.hash.slice(1))) {
    if (!Object.hasOwn(read, name)) continue;
    const value = typeof read[name] === "string" ? text : parseAs(text, read[name]);
    if (value !== undefined) read[name] = value;
  }
  return sound(read);
}

function parseAs(text, like) {
  try {
    const value = JSON.parse(text);
    return typeof value === typeof like && Array.isArray(value) === Array.isArray(like) && value !== null ? value : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

// An address comes from anybody: what it names must exist here.
function sound(read) {
  const known = (id) => typeof id === "string" && nodes.has(id);
  const strings = (value) => (Array.isArray(value) ? value.filter((item) => typeof item === "string") : []);
  if (read.lang !== "ar" && read.lang !== "en") read.lang = settings.language;
  if (!["", "light", "dark"].includes(read.theme)) read.theme = "";
  if (!["timeline", "map", "table"].includes(read.dock)) read.dock = "timeline";
  if (!resolvePick(read.pick)) read.pick = "";
  if (!read.pick || !claimsBetween.has(read.open)) read.open = "";
  if (!known(read.only)) read.only = "";
  read.off = Object.fromEntries(groups.map((group) => [group, strings(read.off[group])]));
  for (const name of ["shown", "hidden", "path"]) read[name] = strings(read[name]).filter(known);
  for (const name of ["event", "article"]) read[name] = [0, 1].map((i) => (/^[\d-]{4,10}$/.test(read[name][i]) ? read[name][i] : ""));
  read.pinned = Object.fromEntries(Object.entries(read.pinned).filter(([id, at]) => known(id) && Array.isArray(at) && at.length === 2 && at.every(Number.isFinite)));
  read.confidence = Math.min(1, Math.max(0, read.confidence));
  read.tall = read.tall ? 1 : 0;
  read.all = Number.isFinite(read.all) ? read.all : 0;
  return read;
}

// A pick is "node:ID", "claim:ID" or "pair:[A,B]".
function resolvePick(pick) {
  const [, kind, id] = /^(node|claim|pair):([\s\S]*)$/.exec(pick) || [];
  if (kind === "node" && nodes.has(id)) return { kind, node: nodes.get(id), ends: [id] };
  if (kind === "claim" && claims.has(id)) return { kind, claim: claims.get(id), ends: [claims.get(id).from, claims.get(id).to] };
  if (kind === "pair" && claimsBetween.has(id)) return { kind, pair: id, ends: JSON.parse(id) };
  return null;
}

const pickNode = (id) => commit((next) => {
  next.pick = id ? "node:" + id : "";
  if (id) bringIn(next, [id]);
});

const pickClaim = (id) => commit((next) => {
  next.pick = "claim:" + id;
  bringIn(next, [claims.get(id).from, claims.get(id).to]);
});

function bringIn(next, ids) {
  const wanted = new Set(ids);
  next.hidden = next.hidden.filter((id) => !wanted.has(id));
  const extra = ids.filter((id) => !nodes.get(id).core && !next.shown.includes(id));
  if (extra.length) next.shown = next.shown.concat(extra);
  if (next.only && ids.some((id) => id !== next.only && !neighboursOf(next.only).has(id))) next.only = "";
}

const inRange = ([from, until], day) => (!from && !until) || (day && (!from || day.slice(0, 10) >= from) && (!until || day.slice(0, until.length) <= until));

function passes(claim) {
  const { off } = state;
  return !off.modality.includes(modalityOf(claim)) && !off.predicate.includes(predicateKey(claim)) && !off.outlet.includes(claim.outlet || "")
    && !holdersOf(claim).every((holder) => off.holder.includes(holder)) && (claim.confidence ?? 1) >= state.confidence
    && inRange(state.event, dateOf(claim)) && inRange(state.article, claim.published || "");
}

const narrowed = () => state.confidence > 0 || [...state.event, ...state.article].some(Boolean) || groups.slice(1).some((group) => state.off[group].length);

// What is on the canvas now: nodes in order of importance, and the claims that stand between them.
function view() {
  const pick = resolvePick(state.pick);
  const keep = new Set([...(pick ? pick.ends : []), ...state.path, ...Object.keys(state.pinned)]);
  const base = state.only ? new Set([state.only, ...neighboursOf(state.only), ...keep]) : new Set([...state.shown, ...keep]);
  const hidden = new Set(state.hidden);
  const more = state.all;
  const chosen = records.nodes.filter((node, rank) => !hidden.has(node.id) && (base.has(node.id) || (!state.only && (node.core || rank < more)))
    && (!state.off.type.includes(typeKey(node)) || keep.has(node.id)));
  const present = new Set(chosen.map((node) => node.id));
  const standing = [];
  const touched = new Set(keep);
  for (const node of chosen) {
    for (const claim of claimsOf.get(node.id)) {
      if (claim.from !== node.id && present.has(claim.from)) continue;
      if (!present.has(claim.from) || !present.has(claim.to) || !passes(claim)) continue;
      standing.push(claim);
      touched.add(claim.from).add(claim.to);
    }
  }
  return { nodes: narrowed() ? chosen.filter((node) => touched.has(node.id)) : chosen, claims: standing };
}
