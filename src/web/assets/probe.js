// What a scanner types, key by key: whether the keyboard layout of this computer fits it, and how fast it is.
import { byId, make } from "./dom.js";

const field = byId("probe");
const QUIET_MS = 300;
const GAP_MS = 35;
/** @type {{ key: string, gap: number }[]} */
let heard = [];
let last = 0;
let end = 0;

/** A text of the server's, with its figure. @param {string} text @param {string | number} value */
const fill = (text, value) => text.replace("{n}", value);

function judge() {
  const said = field.dataset;
  const typed = heard.filter((k) => k.key.length === 1).map((k) => k.key).join("");
  const slowest = Math.round(Math.max(0, ...heard.slice(1).map((k) => k.gap)));
  const words = [];
  const odd = [...new Set(typed.replace(/[A-Za-z0-9\-\]]/g, ""))].join(" ");
  if (/[&é"'(§è!çà]/.test(typed)) words.push(said.french);
  else if (/ß/.test(typed)) words.push(said.german);
  else if (odd) words.push(fill(said.odd, odd));
  if (/[a-z]/.test(typed)) words.push(said.case);
  if (slowest > GAP_MS) words.push(fill(said.slow, slowest));
  if (heard.at(-1).key !== "Enter") words.push(said.noEnter);
  if (!words.length) words.push(fill(said.good, slowest));
  byId("verdict").replaceChildren(...words.map((text) => make("p", { className: "note", textContent: text })));
  byId("keys").replaceChildren(...heard.map((k) => make("li", { textContent: `${k.key} ${Math.round(k.gap)} ms` })));
  heard = [];
  field.value = "";
}

field.addEventListener("keydown", (event) => {
  if (event.key === "Tab" || event.key === "Shift") return;
  const now = performance.now();
  heard.push({ key: event.key, gap: heard.length ? now - last : 0 });
  last = now;
  if (event.key === "Enter") event.preventDefault();
  clearTimeout(end);
  end = setTimeout(judge, QUIET_MS);
});
