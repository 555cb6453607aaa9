// The graph itself: vis-network draws nodes and lines; labels, crosses and counts are drawn here, where they fit.
const drawnNodes = new vis.DataSet([]);
const drawnEdges = new vis.DataSet([]);
let network = null;
let seen = { nodes: [], claims: [] };
let hovered = "";
let shaking = false;

const dark = () => document.documentElement.dataset.theme === "dark";
const ink = () => (dark() ? { text: "#e6ebf0", halo: "#11181f", soft: "#a3b0bd", line: "#11181f" } : { text: "#1c2733", halo: "#f7f6f3", soft: "#55626f", line: "#ffffff" });
const modalityColour = (modality) => settings.style.modalities[modality][dark() ? "dark" : "light"];

function startCanvas() {
  network = new vis.Network(byId("canvas"), { nodes: drawnNodes, edges: drawnEdges }, {
    physics: { enabled: false, solver: "barnesHut", barnesHut: { gravitationalConstant: -9000, springLength: 150, damping: 0.4 } },
    interaction: { hover: true, keyboard: false, tooltipDelay: 1e9, multiselect: false, selectConnectedEdges: false, hideEdgesOnDrag: false },
    nodes: { font: { size: 0 }, borderWidth: 1.5, chosen: false },
    edges: { smooth: false, chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, arrows: { to: { scaleFactor: 0.55 }, from: { scaleFactor: 0.55 } } },
    layout: { improvedLayout: false, randomSeed: 1 },
  });
  network.on("click", onClick);
  network.on("doubleClick", ({ nodes: [id] }) => id && expand(id));
  network.on("dragEnd", ({ nodes: [id] }) => id && pinHere(id));
  network.on("hoverNode", ({ node }) => setHover(node));
  network.on("blurNode", () => setHover(""));
  network.on("zoom", swell);
  network.on("afterDrawing", decorate);
}

// Far away, nodes and lines keep a size on the screen that can be seen and hit.
let swollen = 1;
function swell() {
  const wanted = Math.max(1, Math.min(6, 0.5 / network.getScale()));
  if (Math.abs(wanted - swollen) / swollen < 0.12) return;
  swollen = wanted;
  drawnNodes.update(seen.nodes.map((node) => ({ id: node.id, size: node.size * swollen })));
  drawnEdges.update(drawnEdges.get().map((edge) => ({ id: edge.id, width: edge.slim * swollen })));
}

function setHover(id) {
  hovered = id;
  byId("canvas").style.cursor = id ? "pointer" : "";
  network.redraw();
}

function onClick({ nodes: [node], edges: [edge] }) {
  if (node) return onNode(node);
  if (!edge) return commit((next) => { next.pick = ""; next.open = ""; });
  if (claims.has(edge)) return pickClaim(edge);
  const standing = seen.claims.filter((claim) => pairOf(claim) === edge);
  if (standing.length === 1) return pickClaim(standing[0].id);
  commit((next) => { next.pick = "pair:" + edge; next.open = edge; });
}

let pathStart = "";
function onNode(id) {
  if (!pathStart || pathStart === id) return pickNode(id);
  const from = pathStart;
  pathStart = "";
  showPath(from, id);
}

function showPath(from, to) {
  const hidden = new Set(state.hidden);
  const path = pathBetween(from, to, (claim, next) => passes(claim) && !hidden.has(next));
  if (!path) return announce(t("path-none"));
  commit((next) => { next.path = path; next.pick = "node:" + to; next.only = ""; bringIn(next, path); });
  network.fit({ nodes: path.filter((id) => drawnNodes.get(id)), maxZoomLevel: 1.4, animation: false });
  swell();
}

async function expand(id) {
  if (settings.live) await fetchAround(id);
  commit((next) => bringIn(next, [id, ...neighboursOf(id)]));
}

function pinHere(id) {
  const at = network.getPosition(id);
  commit((next) => { next.pinned = { ...next.pinned, [id]: [Math.round(at.x), Math.round(at.y)] }; });
}

function syncCanvas() {
  seen = view();
  const pick = resolvePick(state.pick);
  const near = pick ? new Set(pick.kind === "node" ? [...pick.ends, ...neighboursOf(pick.ends[0])] : pick.ends) : null;
  for (const id of state.path) near?.add(id);
  replace(drawnNodes, seen.nodes.map((node) => nodeStyle(node, near, pick)));
  replace(drawnEdges, bundles(seen.claims).flatMap((bundle) => edgeStyles(bundle, near, pick)));
  network.redraw();
}

function replace(set, items) {
  const wanted = new Set(items.map((item) => item.id));
  const stale = set.getIds().filter((id) => !wanted.has(id));
  if (stale.length) set.remove(stale);
  set.update(items);
}

function nodeStyle(node, near, pick) {
  const colour = lookOf(node).colour;
  const chosen = pick && pick.ends.includes(node.id);
  const at = state.pinned[node.id];
  const faded = near && !near.has(node.id);
  const border = chosen ? ink().text : state.pinned[node.id] ? ink().soft : ink().line;
  return {
    id: node.id, shape: node.shape, size: node.size * swollen, opacity: faded ? 0.28 : 1, borderWidth: chosen ? 3.5 : 1.5, label: undefined,
    color: { background: colour, border, hover: { background: colour, border: ink().text }, highlight: { background: colour, border: ink().text } },
    ...(shaking ? {} : { x: at ? at[0] : node.x, y: at ? at[1] : node.y }), fixed: shaking && Boolean(at), physics: shaking,
  };
}

function bundles(standing) {
  const found = new Map();
  for (const claim of standing) {
    if (claim.from === claim.to) continue;
    const pair = pairOf(claim);
    if (!found.has(pair)) found.set(pair, { pair, claims: [] });
    found.get(pair).claims.push(claim);
  }
  return [...found.values()];
}

function edgeStyles(bundle, near, pick) {
  const { pair, claims: inside } = bundle;
  const picked = pick && ((pick.kind === "claim" && pairOf(pick.claim) === pair) || (pick.kind === "pair" && pick.pair === pair));
  const onPath = state.path.some((id, i) => i && pair === pairOf({ from: state.path[i - 1], to: id }));
  const along = pick && pick.kind === "node" && inside[0] && (inside[0].from === pick.ends[0] || inside[0].to === pick.ends[0]);
  const opacity = near && !picked && !onPath && !along ? 0.22 : 1;
  if (state.open === pair && inside.length > 1) {
    return inside.map((claim, i) => {
      const bend = (i - (inside.length - 1) / 2) * Math.min(0.28, 1.4 / inside.length) * (claim.from < claim.to ? 1 : -1);
      return line(claim.id, claim, modalityOf(claim), pick?.claim === claim ? 4 : 2, 1, bend ? { enabled: true, type: "curvedCW", roundness: bend } : false, "to");
    });
  }
  const kinds = new Set(inside.map(modalityOf));
  const modality = kinds.size === 1 ? [...kinds][0] : "asserted";
  const forward = inside.some((claim) => claim.from === inside[0].from), backward = inside.some((claim) => claim.from !== inside[0].from);
  const width = (picked || onPath ? 2.2 : 0) + 1.3 + Math.min(3, Math.log2(inside.length));
  return [line(pair, inside[0], modality, width, opacity, false, forward && backward ? "to, from" : "to")];
}

const line = (id, claim, modality, width, opacity, smooth, arrows) => ({
  id, from: claim.from, to: claim.to, width: width * swollen, slim: width, smooth, arrows, dashes: settings.style.modalities[modality].dash.length ? settings.style.modalities[modality].dash : false,
  color: { color: modalityColour(modality), highlight: modalityColour(modality), hover: modalityColour(modality), opacity, inherit: false },
});

// ---- what is drawn over the lines: labels where there is room, crosses on denials, counts on bundles
function decorate(context) {
  const scale = network.getScale();
  const shelf = new Shelf({ left: network.DOMtoCanvas({ x: 0, y: 0 }).x * scale, right: network.DOMtoCanvas({ x: byId("canvas").clientWidth, y: 0 }).x * scale });
  context.save();
  drawMarks(context, scale, shelf);
  drawNodeLabels(context, scale, shelf);
  context.restore();
}

class Shelf { // taken boxes, looked up by a coarse grid
  constructor(bounds) { this.grid = new Map(); this.bounds = bounds; }
  cells(box) {
    const keys = [];
    for (let column = Math.floor(box.left / 160); column <= Math.floor(box.right / 160); column += 1) {
      for (let row = Math.floor(box.top / 60); row <= Math.floor(box.bottom / 60); row += 1) keys.push(column + ":" + row);
    }
    return keys;
  }
  take(box, force, overBodies) {
    if (!force && this.bounds && (box.left < this.bounds.left || box.right > this.bounds.right)) return false;
    const keys = this.cells(box);
    const clash = (other) => !(overBodies && other.body) && box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    if (!force && keys.some((key) => (this.grid.get(key) || []).some(clash))) return false;
    for (const key of keys) (this.grid.get(key) || this.grid.set(key, []).get(key)).push(box);
    return true;
  }
}

function drawMarks(context, scale, shelf) {
  const pick = resolvePick(state.pick);
  for (const bundle of bundles(seen.claims)) {
    const opened = state.open === bundle.pair && bundle.claims.length > 1;
    const parts = opened ? bundle.claims.map((claim) => ({ id: claim.id, claims: [claim] })) : [{ id: bundle.pair, claims: bundle.claims }];
    for (const part of parts) {
      const body = network.body.edges[part.id];
      if (!body || !body.connected) continue;
      const middle = body.edgeType.getPoint(0.5);
      const denied = part.claims.filter((claim) => modalityOf(claim) === "negated").length;
      const faded = drawnEdges.get(part.id).color.opacity < 1;
      context.globalAlpha = faded ? 0.3 : 1;
      if (denied) cross(context, middle, denied < part.claims.length, scale);
      const near = pick && (pick.ends.includes(part.claims[0].from) || pick.ends.includes(part.claims[0].to)) && !faded;
      if (opened || (near && pick.kind !== "node") || (near && scale > 0.75) || scale > 1.5) edgeLabel(context, part.claims, middle, denied, scale, shelf);
    }
  }
  context.globalAlpha = 1;
}

function cross(context, { x, y }, mixed, scale) {
  const arm = 5.5 / Math.min(1.4, scale);
  context.lineWidth = arm * 0.45;
  context.strokeStyle = modalityColour("negated");
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x - arm, y + arm);
  context.lineTo(x + arm, y - arm);
  context.stroke();
  if (!mixed) return;
  context.beginPath();
  context.arc(x, y, arm * 1.7, 0, 2 * Math.PI);
  context.stroke();
}

function edgeLabel(context, inside, middle, denied, scale, shelf) {
  const predicates = [...new Set(inside.map((claim) => t(predicateKey(claim))))];
  const text = listed(predicates.slice(0, 2)) + (inside.length > 1 ? " \u00d7" + inside.length : "");
  write(context, text, middle.x, middle.y - (denied ? 13 : 7) / scale, { size: 11, colour: ink().soft, scale, shelf });
}

function drawNodeLabels(context, scale, shelf) {
  const pick = resolvePick(state.pick);
  const first = new Set([...(pick ? pick.ends : []), hovered, ...state.path]);
  const view = { a: network.DOMtoCanvas({ x: -60, y: -30 }), b: network.DOMtoCanvas({ x: byId("canvas").clientWidth + 60, y: byId("canvas").clientHeight + 30 }) };
  const order = [...seen.nodes.filter((node) => first.has(node.id)), ...seen.nodes.filter((node) => !first.has(node.id))];
  const inside = order.filter((node) => {
    const body = network.body.nodes[node.id];
    return body && body.x >= view.a.x && body.x <= view.b.x && body.y >= view.a.y && body.y <= view.b.y;
  });
  for (const node of inside) shelf.take(bodyBox(node, scale), true);
  const great = new Set(seen.nodes.slice(0, 30).map((node) => node.id));
  let room = 220;
  for (const node of inside) {
    if (room <= 0) break;
    const body = network.body.nodes[node.id];
    const strong = first.has(node.id);
    context.globalAlpha = body.options.opacity < 1 && !strong ? 0.4 : 1;
    const text = node.id === hovered || (pick && pick.ends.includes(node.id)) ? clip(nameOf(node), 70) : captionOf(node);
    if (label(context, text, node, body, { size: strong ? 13.5 : 12 + Math.min(3, node.size / 14), bold: strong, colour: ink().text, scale, shelf, great: node.kind !== "event" && great.has(node.id) }, strong)) room -= 1;
  }
  context.globalAlpha = 1;
}

function bodyBox(node, scale) {
  const { x, y } = network.body.nodes[node.id], reach = node.size * swollen * 0.75;
  return { left: (x - reach) * scale, right: (x + reach) * scale, top: (y - reach) * scale, bottom: (y + reach) * scale, body: true };
}

// Below the node, else above it, else beside it; a label that must be seen stands below in any case.
function label(context, text, node, body, options, strong) {
  const reach = node.size * swollen, gap = 10 / options.scale;
  context.font = fontOf(options);
  const half = widthOf(context, text, options) / 2 / options.scale + 4 / options.scale;
  const places = [[0, reach + gap], [0, -reach - gap], [reach + half, 0], [-reach - half, 0]];
  if (places.some(([dx, dy]) => write(context, text, body.x + dx, body.y + dy, options))) return true;
  if (options.great && write(context, text, body.x, body.y + reach + gap, { ...options, overBodies: true })) return true;
  return strong && write(context, text, body.x, body.y + reach + gap, { ...options, force: true });
}

// An event's full name repeats its neighbours' names, which stand beside it.
function captionOf(node) {
  const name = nameOf(node);
  if (node.kind !== "event" || name.length <= 24) return clip(name, 28);
  return listed([t(typeKey(node)), ...(node.date ? [dayOf(node.date)] : [])]);
}

const clip = (text, length) => (text.length > length ? text.slice(0, length - 1).trimEnd() + "\u2026" : text);
const widths = new Map();

const fontOf = ({ size, bold, scale }) => `${bold ? 650 : 500} ${size / scale}px ${labelFont}`;

function widthOf(context, text, { size, bold, scale }) {
  const key = text + "|" + size + bold;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width * scale);
  return widths.get(key);
}

// Text at a constant size on the screen, isolated so that a name reads right in either direction.
function write(context, text, x, y, options) {
  const { size, colour, scale, shelf, force, overBodies } = options;
  context.font = fontOf(options);
  const half = widthOf(context, text, options) / 2 + 3, high = size * 0.72;
  const at = { x: x * scale, y: y * scale };
  if (!shelf.take({ left: at.x - half, right: at.x + half, top: at.y - high, bottom: at.y + high }, force, overBodies)) return false;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.direction = state.lang === "ar" ? "rtl" : "ltr";
  context.lineJoin = "round";
  context.lineWidth = 3.5 / scale;
  context.strokeStyle = ink().halo;
  const isolated = "\u2068" + text + "\u2069";
  context.strokeText(isolated, x, y);
  context.fillStyle = colour;
  context.fillText(isolated, x, y);
  return true;
}
const labelFont = getComputedStyle(document.documentElement).fontFamily;

// ---- on the keyboard
function walk(dx, dy) {
  const from = resolvePick(state.pick)?.ends[0] ?? seen.nodes[0]?.id;
  if (!from) return;
  if (!state.pick) return pickNode(from);
  const here = network.getPosition(from);
  let best = "", least = Infinity;
  for (const node of seen.nodes) {
    if (node.id === from) continue;
    const there = network.getPosition(node.id);
    const along = (there.x - here.x) * dx + (there.y - here.y) * dy, aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
    const cost = along <= 0 ? Infinity : along + 2.5 * aside;
    if (cost < least) [best, least] = [node.id, cost];
  }
  if (!best) return;
  pickNode(best);
  lookAt(best);
  announce(listed([nameOf(nodes.get(best)), t(typeKey(nodes.get(best)))]));
}

function togglePhysics() {
  shaking = !shaking;
  if (!shaking) for (const node of seen.nodes) Object.assign(node, network.getPosition(node.id));
  network.setOptions({ physics: { enabled: shaking } });
  byId("physics").setAttribute("aria-pressed", String(shaking));
  syncCanvas();
  if (shaking) setTimeout(() => shaking && togglePhysics(), 4000);
}

// vis fits the centres of nodes; labels and the buttons on top want room too.
function fitAll() {
  network.fit({ animation: false, maxZoomLevel: 1.4 });
  network.moveTo({ scale: network.getScale() * 0.86, offset: { x: 0, y: 12 }, animation: false });
  swell();
}

function lookAt(id, scale = network.getScale()) {
  network.moveTo({ position: network.getPosition(id), scale, animation: false });
  swell();
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.03, network.getScale() * factor)), animation: false });
  swell();
}
