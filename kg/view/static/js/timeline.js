// Events by day. Time runs with the language: from right to left in Arabic.
const DAY = 86400000;
const SIDE = 46; // room at either end of the axis

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

let period = null; // what the timeline shows: its first and last moment
let periodPick = "";

function framePeriod(dated) {
  const around = (items) => {
    const low = items.reduce((least, item) => Math.min(least, item.span.first), Infinity), high = items.reduce((most, item) => Math.max(most, item.span.end), -Infinity);
    const slack = Math.max(2 * DAY, (high - low) * 0.04);
    return { low: low - slack, high: high + slack };
  };
  const all = around(dated);
  // A year of long ago should not press the days of the story together.
  const [early, late] = [0.25, 0.75].map((part) => dated[Math.floor((dated.length - 1) * part)].span.first);
  const reach = 1.5 * Math.max(14 * DAY, late - early);
  const near = around(dated.filter(({ span }) => span.first > early - reach && span.end < late + reach));
  return { all, near: near.high - near.low < (all.high - all.low) / 3 ? near : all };
}

function movePeriod(zoom, shift) {
  const half = ((period.high - period.low) / 2) * zoom, middle = (period.high + period.low) / 2 + shift * (period.high - period.low);
  if (half < 2 * DAY || half > 400000 * DAY) return;
  period = { low: middle - half, high: middle + half };
  showTimeline();
}

function onTimelineKey(event) {
  const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!turn || event.target !== byId("view-timeline") || !period) return;
  event.preventDefault();
  movePeriod(1, 0.2 * (state.lang === "ar" ? -turn : turn));
}

// The buttons of the map and of the timeline stand beside the tabs.
function frameTools(zoom, all, note) {
  fill(byId("frame-tools"), note && el("span", { class: "other" }, note),
    el("button", { type: "button", class: "icon", "aria-label": t("zoom-in"), onclick: zoom(0.6) }, "+"),
    el("button", { type: "button", class: "icon", "aria-label": t("zoom-out"), onclick: zoom(1.6) }, "\u2212"),
    el("button", { type: "button", onclick: all }, t("fit")));
}

function showTimeline() {
  const place = byId("view-timeline");
  const every = eventsInView().filter((node) => node.date)
    .map((node) => ({ node, span: spanOf(node.date) })).filter((item) => item.span)
    .slice(0, 2000).sort((a, b) => a.span.first - b.span.first || a.span.end - b.span.end);
  if (!every.length) return fill(place, el("p", { class: "empty" }, t("timeline-none")));
  const { all, near } = framePeriod(every), ends = resolvePick(state.pick)?.ends ?? [];
  const picked = state.pick === periodPick ? null : every.find((item) => ends.includes(item.node.id));
  periodPick = state.pick;
  if (!period || period.low > all.high || period.high < all.low) period = near;
  if (picked && (picked.span.first < period.low || picked.span.end > period.high)) period = { low: Math.min(period.low, picked.span.first - 9 * DAY), high: Math.max(period.high, picked.span.end + 9 * DAY) };
  const { low, high } = period;
  const dated = every.filter((item) => item.span.end >= low && item.span.first <= high).slice(0, 400);
  const width = Math.max(320, place.clientWidth), side = SIDE;
  const across = (moment) => { const time = Math.max(low, Math.min(high, moment)), x = side + ((time - low) / (high - low)) * (width - 2 * side); return state.lang === "ar" ? width - x : x; };
  const lanes = [];
  const pick = resolvePick(state.pick);
  const marks = dated.map(({ node, span }) => eventMark(node, span, across, width, lanes, pick));
  const height = 34 + lanes.length * 27;
  const svg = el("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("timeline"), direction: state.lang === "ar" ? "rtl" : "ltr", onpointerdown: dragPeriod },
    ticks(low, high, width - 2 * side).map(({ time, text }) => el("g", {},
      el("line", { class: "axis", x1: across(time), x2: across(time), y1: 22, y2: height }),
      el("text", { class: "axis-label", x: across(time), y: 15, "text-anchor": "middle" }, text))), marks);
  const note = dated.length < every.length ? `${t("shown")}: ${numberOf(dated.length)} ${t("of")} ${numberOf(every.length)}` : "";
  fill(place, svg);
  frameTools((factor) => () => movePeriod(factor, 0), () => { period = all; showTimeline(); }, note);
}

function dragPeriod(event) {
  if (event.target.closest(".dot")) return;
  const from = period, width = byId("view-timeline").clientWidth - 2 * SIDE;
  follow(event, (right) => {
    const shift = (right / width) * (from.high - from.low) * (state.lang === "ar" ? 1 : -1);
    period = { low: from.low + shift, high: from.high + shift };
    showTimeline();
  });
}

// Calls back with how far the pointer has gone, until it is let go or the browser scrolls instead.
function follow(start, moved) {
  const move = (now) => moved(now.clientX - start.clientX, now.clientY - start.clientY);
  addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => removeEventListener("pointermove", move), { once: true });
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
  return el("g", { class: "dot" + (pick && pick.ends.includes(node.id) ? " picked" : ""), tabindex: 0, role: "button", "data-node": node.id, "aria-label": listed([nameOf(node), dayOf(node.date), ...(disputed ? [t("contested")] : [])]), ...act(() => pickNode(node.id)) },
    b - a > 3 && el("rect", { x: a, y: y + 9, width: b - a, height: 3, rx: 1.5, fill: lookOf(node).colour, opacity: 0.6 }),
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
