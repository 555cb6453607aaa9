// What every part uses: the data, the words, and building elements from text only.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const settings = read("data-settings");
const records = { nodes: [], edges: [], sentences: [] };
const byId = (id) => document.getElementById(id);
const svgNames = new Set(["svg", "g", "path", "circle", "rect", "line", "text", "polygon", "title"]);

// el("p", {class: "x", onclick: f}, "text", child): text never becomes markup.
function el(tag, attributes, ...children) {
  const made = svgNames.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const bdi = (text, attributes) => el("bdi", attributes, text);

function fill(place, ...children) {
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

function t(key) {
  const found = settings.words[state.lang][key];
  return found === undefined ? key.slice(key.lastIndexOf(":") + 1) : found;
}

const comma = () => (state.lang === "ar" ? "\u060c " : ", ");
const listed = (items) => items.join(comma());
const numberOf = (value) => new Intl.NumberFormat(state.lang === "ar" ? "ar-u-nu-latn" : "en").format(value);

function dayOf(value) {
  if (!value) return t("undated");
  return value.split("/").map((part) => {
    const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(part);
    if (!match) return part;
    const options = match[3] ? { day: "numeric", month: "long", year: "numeric" } : match[2] ? { month: "long", year: "numeric" } : { year: "numeric" };
    const day = new Date(Date.UTC(+match[1], +(match[2] || 1) - 1, +(match[3] || 1)));
    if (Number.isNaN(day.getTime())) return part;
    return new Intl.DateTimeFormat(state.lang === "ar" ? "ar-IQ-u-ca-gregory-nu-latn" : "en-GB", { ...options, timeZone: "UTC" }).format(day);
  }).join(" \u2013 ");
}

// The same folding as kg.language.arabic.fold, so that any spelling of a name finds it.
const folds = { "\u0622": "\u0627", "\u0623": "\u0627", "\u0625": "\u0627", "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0626": "\u064a", "\u0624": "\u0648", "\u0629": "\u0647", "\u06a9": "\u0643", "\u067e": "\u0628", "\u06af": "\u0643", "\u0686": "\u062c", "\u06a4": "\u0641", "\u0698": "\u0632", "\u06d2": "\u064a", "\u06c1": "\u0647", "\u06c3": "\u0647", "\u06d5": "\u0647", "\u06be": "\u0647", "\u06aa": "\u0643" };
const foldable = new RegExp("[" + Object.keys(folds).join("") + "]", "g");
function fold(text) {
  return text.normalize("NFKD").toLowerCase()
    .replace(/[\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u00ad]/g, "")
    .replace(foldable, (letter) => folds[letter])
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u2019'`\u02bf\u02be"_-]+/g, " ").replace(/\s+/g, " ").trim();
}

// A quotation keeps its characters, but one that would turn the line round is shown, not obeyed.
function reveal(text) {
  return text.split(/([\u202a-\u202e\u2066-\u2069])/).map((part, index) => {
    if (index % 2 === 0) return part;
    const code = "U+" + part.charCodeAt(0).toString(16).toUpperCase();
    return el("span", { class: "control", title: code }, code);
  });
}
