// What leaves the page: only what its reader saves.
function save(name, type, content) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function plainClaim(claim) {
  const { from, to, sentence, quote, ...rest } = claim;
  return { subject: from, subject_ar: nodes.get(from).ar, subject_en: nodes.get(from).en, object: to, object_ar: nodes.get(to).ar, object_en: nodes.get(to).en, ...rest, date: dateOf(claim), quote: quoteOf(claim), context: sentence === undefined ? "" : records.sentences[sentence] };
}

function saveJson() {
  const picked = selected();
  const ids = new Set(picked.flatMap((claim) => [claim.from, claim.to]));
  const pick = resolvePick(state.pick);
  (pick ? pick.ends : seen.nodes.map((node) => node.id)).forEach((id) => ids.add(id));
  const plain = [...ids].map((id) => { const { x, y, size, shape, core, label, ...rest } = nodes.get(id); return rest; });
  save("kg.json", "application/json", JSON.stringify({ title: settings.title, nodes: plain, claims: picked.map(plainClaim) }, null, 1));
}

// A spreadsheet takes a cell that starts with one of these for a formula.
function cell(value) {
  const text = Array.isArray(value) ? value.join(" | ") : String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

function saveCsv() {
  const fields = ["subject", "subject_ar", "subject_en", "predicate", "object", "object_ar", "object_en", "kind", "modality", "holders", "certainty", "confidence", "date", "outlet", "published", "document", "url", "quote", "context"];
  const rows = selected().map(plainClaim).map((claim) => fields.map((field) => cell(claim[field])).join(","));
  save("kg.csv", "text/csv", "\ufeff" + [fields.join(","), ...rows].join("\r\n") + "\r\n");
}

function savePng() {
  const source = byId("canvas").querySelector("canvas");
  const copy = el("canvas", { width: source.width, height: source.height });
  const context = copy.getContext("2d");
  context.fillStyle = ink().halo;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(source, 0, 0);
  copy.toBlob((blob) => save("kg.png", "image/png", blob), "image/png");
}

function saveSvg() {
  save("kg.svg", "image/svg+xml", '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(drawing()));
}

function drawing() {
  const at = new Map(seen.nodes.map((node) => [node.id, network.getPosition(node.id)]));
  const xs = [...at.values()].map((p) => p.x), ys = [...at.values()].map((p) => p.y);
  const [left, top, right, bottom] = at.size ? [Math.min(...xs) - 110, Math.min(...ys) - 60, Math.max(...xs) + 110, Math.max(...ys) + 80] : [0, 0, 100, 100];
  const shelf = new Shelf();
  for (const node of seen.nodes) {
    const { x, y } = at.get(node.id), reach = node.size * 0.8;
    shelf.take({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }, true);
  }
  return el("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${right - left} ${bottom - top}`, width: Math.round(right - left), height: Math.round(bottom - top), "font-family": labelFont, direction: state.lang === "ar" ? "rtl" : "ltr" },
    el("title", {}, settings.title),
    el("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: ink().halo }),
    bundles(seen.claims).map((bundle) => drawnLine(bundle, at)),
    seen.nodes.map((node) => drawnNode(node, at.get(node.id))),
    seen.nodes.map((node) => drawnLabel(node, at.get(node.id), shelf)));
}

function drawnLine({ claims: inside }, at) {
  const a = at.get(inside[0].from), b = at.get(inside[0].to);
  const kinds = new Set(inside.map(modalityOf));
  const modality = kinds.size === 1 ? [...kinds][0] : "asserted";
  const x = (a.x + b.x) / 2, y = (a.y + b.y) / 2;
  const forward = inside.some((claim) => claim.from === inside[0].from), backward = inside.some((claim) => claim.from !== inside[0].from);
  return el("g", {}, forward && arrowHead(a, b, nodes.get(inside[0].to).size, modalityColour(modality)), backward && arrowHead(b, a, nodes.get(inside[0].from).size, modalityColour(modality)),
    el("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: modalityColour(modality), "stroke-width": 1.3 + Math.min(3, Math.log2(inside.length)), "stroke-dasharray": settings.style.modalities[modality].dash.join(" ") || null }),
    kinds.has("negated") && el("path", { d: `M${x - 6} ${y - 6}l12 12m0 -12l-12 12`, stroke: modalityColour("negated"), "stroke-width": 2.5 }));
}

function arrowHead(from, to, size, colour) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const point = (back, aside) => `${(to.x - back * Math.cos(angle) - aside * Math.sin(angle)).toFixed(1)},${(to.y - back * Math.sin(angle) + aside * Math.cos(angle)).toFixed(1)}`;
  return el("polygon", { points: [point(size + 3, 0), point(size + 13, 4), point(size + 13, -4)].join(" "), fill: colour });
}

function drawnNode(node, { x, y }) {
  const shape = (shapes[node.shape] || shapes.dot)();
  const scale = (node.size * 2) / 15;
  return el("g", { transform: `translate(${x} ${y}) scale(${scale.toFixed(3)}) translate(-9 -9)`, fill: lookOf(node).colour, stroke: ink().line, "stroke-width": (1.5 / scale).toFixed(2) }, shape);
}

function drawnLabel(node, { x, y }, shelf) {
  const text = captionOf(node);
  const half = text.length * 3.6 + 4, side = node.size + half + 4;
  const free = ([dx, dy]) => shelf.take({ left: x + dx - half, right: x + dx + half, top: y + dy - 10, bottom: y + dy + 5 }, false);
  const place = [[0, node.size + 14], [0, -node.size - 6], [side, 4], [-side, 4]].find(free);
  return place && el("text", { x: x + place[0], y: y + place[1], "text-anchor": "middle", "font-size": 13, fill: ink().text, stroke: ink().halo, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }, "\u2068" + text + "\u2069");
}

const exporters = { "export-png": savePng, "export-svg": saveSvg, "export-csv": saveCsv, "export-json": saveJson, print: () => print() };

function showExport() {
  fill(byId("export").querySelector(".choices"), Object.entries(exporters).map(([key, run]) => el("button", { type: "button", "data-save": key, onclick: () => { byId("export").open = false; run(); } }, t(key))));
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    announce(t("copied"));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    announce(location.href);
  }
}
