// Places on outlines that travel with the page; no tiles, no network.
const outlineBlock = byId("data-outlines");
const lands = outlineBlock ? read("data-outlines").flatMap((rings) => rings.map(unpack)) : [];
let frame = null; // what the map shows: the middle and the width, in degrees

function unpack(numbers) {
  const points = [];
  let x = 0, y = 0, west = 999, east = -999, south = 999, north = -999;
  for (let i = 0; i < numbers.length; i += 2) {
    x += numbers[i]; y += numbers[i + 1];
    points.push([x / 100, y / 100]);
    west = Math.min(west, x / 100); east = Math.max(east, x / 100); south = Math.min(south, y / 100); north = Math.max(north, y / 100);
  }
  return { points, west, east, south, north };
}

// All places that pass the filters, drawn on the canvas or not.
function placed() {
  const hidden = new Set(state.hidden);
  const wanted = (node) => !hidden.has(node.id) && !state.off.type.includes(typeKey(node)) && (!narrowed() || claimsOf.get(node.id).some(passes));
  return (state.only ? seen.nodes : records.nodes.filter(wanted)).filter((node) => node.lat !== undefined);
}

// A far-away capital should not shrink the story's own ground to a dot: what lies near the middle of all counts.
function frameAll(all, width, height) {
  const middling = (field) => all.map((node) => node[field]).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  const home = { lon: middling("lon"), lat: middling("lat") };
  const points = all.filter((node) => Math.abs(node.lon - home.lon) < 25 && Math.abs(node.lat - home.lat) < 18);
  const xs = points.map((node) => node.lon), ys = points.map((node) => node.lat);
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const wide = Math.max(...xs) - Math.min(...xs), high = (Math.max(...ys) - Math.min(...ys)) / Math.cos((middle[1] * Math.PI) / 180);
  return { x: middle[0], y: middle[1], span: Math.min(380, Math.max(18, (6.5 * width) / height, wide * 1.35, (high * 1.3 * width) / height)) };
}

function showMap() {
  const place = byId("view-map");
  const points = placed();
  if (!points.length || !lands.length) return fill(place, el("p", { class: "empty" }, t("map-none")));
  const width = Math.max(320, place.clientWidth), height = Math.max(190, place.clientHeight - 26);
  if (!frame) frame = frameAll(points, width, height);
  const scale = width / frame.span, squeeze = 1 / Math.cos((frame.y * Math.PI) / 180);
  const px = (lon) => width / 2 + (lon - frame.x) * scale;
  const py = (lat) => height / 2 - (lat - frame.y) * scale * squeeze;
  const half = { x: frame.span / 2, y: height / 2 / scale / squeeze };
  const visible = lands.filter((land) => land.east > frame.x - half.x && land.west < frame.x + half.x && land.north > frame.y - half.y && land.south < frame.y + half.y);
  const outline = visible.map((land) => "M" + land.points.map(([lon, lat]) => px(lon).toFixed(1) + " " + py(lat).toFixed(1)).join("L") + "Z").join("");
  const shelf = new Shelf();
  const pick = resolvePick(state.pick);
  const chosen = (node) => Boolean(pick && pick.ends.includes(node.id));
  const order = [...points].sort((a, b) => chosen(b) - chosen(a));
  for (const node of order) shelf.take({ left: px(node.lon) - 5, right: px(node.lon) + 5, top: py(node.lat) - 5, bottom: py(node.lat) + 5 }, true);
  const svg = el("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("map"), direction: "ltr", onpointerdown: dragMap },
    el("path", { class: "land", d: outline }), order.map((node) => placeMark(node, px(node.lon), py(node.lat), shelf, chosen(node), width, height)).reverse());
  const zoom = (factor) => () => { frame = { ...frame, span: Math.min(380, Math.max(0.5, frame.span * factor)) }; showMap(); };
  fill(place, svg, el("p", { class: "credit" }, t("map-note")));
  frameTools(zoom, () => { frame = null; showMap(); });
}

function placeMark(node, x, y, shelf, chosen, width, height) {
  if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return null;
  const count = claimsOf.get(node.id).filter(passes).length;
  const radius = 4 + Math.min(9, Math.sqrt(count) * 1.6);
  const text = clip(nameOf(node), 30);
  const long = text.length * 7 + 8;
  const free = (left, right, force) => shelf.take({ left, right, top: y - 9, bottom: y + 9 }, force);
  const side = free(x + radius + 1, x + radius + long, false) ? 1 : free(x - radius - long, x - radius - 1, false) ? -1 : chosen && free(x + radius + 1, x + radius + long, true) ? 1 : 0;
  return el("g", { class: "dot" + (chosen ? " picked" : ""), tabindex: 0, role: "button", "data-node": node.id, "aria-label": `${nameOf(node)}, ${t(typeKey(node))}, ${t("claims")}: ${numberOf(count)}`, ...act(() => pickNode(node.id)) },
    el("circle", { class: "mark", cx: x, cy: y, r: radius, fill: lookOf(node).colour, "fill-opacity": 0.85, stroke: "var(--card)", "stroke-width": 1.5 }),
    side !== 0 && el("text", { x: x + side * (radius + 4), y: y + 4, "text-anchor": side > 0 ? "start" : "end" }, text), el("title", {}, nameOf(node)));
}

function dragMap(event) {
  if (event.target.closest(".dot")) return;
  const from = frame, scale = byId("view-map").clientWidth / frame.span;
  follow(event, (right, down) => {
    frame = { ...from, x: from.x - right / scale, y: from.y + (down / scale) * Math.cos((from.y * Math.PI) / 180) };
    showMap();
  });
}
