// What a scanner types, key by key: whether the keyboard layout of this computer fits it, and how fast it is.
const field = /** @type {HTMLInputElement} */ (document.getElementById("probe"));
const keys = document.getElementById("keys");
const verdict = document.getElementById("verdict");
const QUIET_MS = 300;
const GAP_MS = 35;
/** @type {{ key: string, gap: number }[]} */
let heard = [];
let last = 0;
let end = 0;

const fill = (text, value) => text.replace("{n}", value);

function judge() {
  const said = field.dataset;
  const typed = heard.filter((k) => k.key.length === 1).map((k) => k.key).join("");
  const slowest = Math.round(Math.max(0, ...heard.slice(1).map((k) => k.gap)));
  const entered = heard.at(-1)?.key === "Enter";
  const words = [];
  const odd = [...new Set(typed.replace(/[A-Za-z0-9\-\]]/g, ""))].join(" ");
  if (/[&é"'(§è!çà]/.test(typed)) words.push(said.french);
  else if (/ß/.test(typed)) words.push(said.german);
  else if (odd) words.push(fill(said.odd ?? "", odd));
  if (/[a-z]/.test(typed)) words.push(said.case);
  if (slowest > GAP_MS) words.push(fill(said.slow ?? "", `${slowest}`));
  if (!entered) words.push(said.noEnter);
  if (!words.length) words.push(fill(said.good ?? "", `${slowest}`));
  verdict?.replaceChildren(...words.map((text) => Object.assign(document.createElement("p"), { className: "note", textContent: text })));
  keys?.replaceChildren(...heard.map((k) => Object.assign(document.createElement("li"), { textContent: `${k.key} ${Math.round(k.gap)} ms` })));
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
