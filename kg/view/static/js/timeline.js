// Events by day. Time runs with the language: from right to left in Arabic.
const DAY = 86400000;

function spanOf(value) {
  const ends = value.split("/").map((part) => /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(part));
  if (!ends[0]) return null;
  const first = Date.UTC(+ends[0][1], +(ends[0][2] || 1) - 1, +(ends[0][3] || 1));
  const last = ends[ends.length - 1] || ends[0];
  const end = last[3] ? Date.UTC(+last[1], +last[2] - 1, +last[3]) : last[2] ? Date.UTC(+last[1], +last[2], 0) : Date.UTC(+last[1], 11, 31);
  return Number.isNaN(first) || Number.isNaN(end) ? null : { first, end: Math.max(first, end) };
}

// All events that pass the filters, drawn on the canvas or not.
function eventsInView() {
  if (state.only) return seen.nodes.filter((node) => node.kind === "event");
  const hidden = new Set(state.hidden);
  return eventNodes.filter((node) => !hidden.has(node.id) && !state.off.type.includes(typeKey(node)) && inRange(state.event, node.date || "") && (!node.modality || !state.off.modality.includes(modalityOf(node))));
}

function showTimeline() {
  const place = byId("view-timeline");
  const dated = eventsInView().filter((node) => node.date)
    .map((node) => ({ node, span: spanOf(node.date) })).filter((item) => item.span)
    .slice(0, 300).sort((a, b) => a.span.first - b.span.first || a.span.end - b.span.end);
  if (!dated.length) return fill(place, el("p", { class: "empty" }, t("timeline-none")));
  const width = Math.max(320, place.clientWidth), side = 46;
  let low = Math.min(...dated.map((item) => item.span.first)), high = Math.max(...dated.map((item) => item.span.end));
  const slack = Math.max(2 * DAY, (high - low) * 0.04);
  [low, high] = [low - slack, high + slack];
  const across = (time) => { const x = side + ((time - low) / (high - low)) * (width - 2 * side); return state.lang === "ar" ? width - x : x; };
  const lanes = [];
  const pick = resolvePick(state.pick);
  const marks = dated.map(({ node, span }) => eventMark(node, span, across, width, lanes, pick));
  const height = 34 + lanes.length * 27;
  const svg = el("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("timeline"), direction: state.lang === "ar" ? "rtl" : "ltr" },
    ticks(low, high, width - 2 * side).map(({ time, text }) => el("g", {},
      el("line", { class: "axis", x1: across(time), x2: across(time), y1: 22, y2: height }),
      el("text", { class: "axis-label", x: across(time), y: 15, "text-anchor": "middle" }, text))), marks);
  fill(place, svg);
}

function eventMark(node, span, across, width, lanes, pick) {
  const text = clip(nameOf(node), 34);
  const long = text.length * 7 + 30;
  const [a, b] = [across(span.first), across(span.end)].sort((x, y) => x - y);
  const left = state.lang === "ar" ? b - long : a - 8, right = state.lang === "ar" ? b + 8 : a + long;
  const flip = left < 4 || right > width - 4;
  const box = flip ? [state.lang === "ar" ? a - 8 : b - long, state.lang === "ar" ? a + long : b + 8] : [left, right];
  let lane = lanes.findIndex((taken) => taken.every(([from, to]) => Math.max(box[1], b) < from || Math.min(box[0], a) > to));
  if (lane < 0) lane = lanes.push([]) - 1;
  lanes[lane].push([Math.min(box[0], a), Math.max(box[1], b)]);
  const y = 40 + lane * 27;
  const start = flip ? (state.lang === "ar" ? a : b) : state.lang === "ar" ? b : a;
  const towards = (state.lang === "ar") === flip ? 1 : -1; // label to the right of the mark, or to the left
  const disputed = rivalEvents(node).length > 0;
  return el("g", { class: "dot" + (pick && pick.ends.includes(node.id) ? " picked" : ""), tabindex: 0, role: "button", "data-node": node.id, "aria-label": `${nameOf(node)}, ${dayOf(node.date)}${disputed ? ", " + t("contested") : ""}`, ...act(() => pickNode(node.id)) },
    b - a > 3 && el("rect", { x: a, y: y - 3, width: b - a, height: 6, rx: 3, fill: lookOf(node).colour, opacity: 0.45 }),
    el("polygon", { class: "mark", points: `${start},${y - 8} ${start + 8},${y} ${start},${y + 8} ${start - 8},${y}`, fill: lookOf(node).colour, stroke: disputed ? modalityColour("negated") : "none", "stroke-width": 2.5 }),
    el("text", { x: start + towards * 14, y: y + 4, "text-anchor": (towards > 0) === (state.lang === "ar") ? "end" : "start" }, text));
}

const act = (action) => ({ onclick: action, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); action(); } } });

function ticks(low, high, width) {
  const room = Math.max(2, Math.floor(width / 110));
  const total = (high - low) / DAY;
  const locale = state.lang === "ar" ? "ar-IQ-u-ca-gregory-nu-latn" : "en-GB";
  const write = (time, options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(time);
  const made = [];
  if (total <= room * 14) {
    const step = Math.max(1, Math.ceil(total / room));
    for (let time = Math.ceil(low / DAY) * DAY; time <= high; time += step * DAY) made.push({ time, text: write(time, total > 300 ? { day: "numeric", month: "short", year: "2-digit" } : { day: "numeric", month: "short" }) });
    return made;
  }
  const months = Math.ceil(total / 30.4 / room);
  const step = months > 6 ? Math.ceil(months / 12) * 12 : months;
  const day = new Date(low);
  let month = day.getUTCFullYear() * 12 + (step >= 12 ? 12 : day.getUTCMonth() + 1);
  for (; Date.UTC(Math.floor(month / 12), month % 12, 1) <= high; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1);
    made.push({ time, text: write(time, step >= 12 ? { year: "numeric" } : { month: "short", year: "numeric" }) });
  }
  return made;
}
