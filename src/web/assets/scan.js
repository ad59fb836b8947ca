// A wedge scanner is a very fast typist that ends in Enter. Wherever the focus is, a burst goes to the scan field; commands
// are taken out before any field sees them; scans wait for each other in order, each with a key of its own.
import { byId, make } from "./dom.js";
import { show, typed } from "./swap.js";
import { tone } from "./tones.js";

const form = byId("scan");
const field = byId("code");
const log = byId("scan-log");
const wait = byId("scan-wait");
const said = byId("said");
const GAP_MS = 35;
const MIN_LENGTH = 6;
const PAUSE_MS = 400;
const RETRY_MS = 3000;
const LOG_LENGTH = 6;
const OURS = /^(\][a-z]\d)?(bm|cmd-)/i; // how a label or a command begins

/** @type {URLSearchParams[]} */
const queue = [];
let busy = false;
let lastScan = -Infinity;
let burst = "";
let lastKey = 0;
/** @type {any} the element that a burst began in */
let begun = null;

/** @param {string} text */
const plain = (text) => text.replace(/[\u0000-\u001f\u007f]/g, "").trim().replace(/^\][A-Za-z][0-9A-Za-z]/, "");
/** @param {string} text */
const tell = (text) => (said.textContent = text);
/** What the last scan came to. @returns {DOMStringMap} */
const hit = () => byId("hit").dataset;

/** @param {string} code @param {boolean} ok @param {string} [more] what was done */
function note(code, ok, more) {
  const line = make("li", { className: ok ? "ok" : "stop" });
  const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${ok ? "final" : "prob"}"></use></svg>`;
  line.append(`${at} `, make("span", { className: "id", textContent: code }));
  const why = !ok && document.querySelector("#hit [role=alert]")?.textContent;
  if (why || more) line.append(` ${why || more}`);
  log.prepend(line);
  while (log.children.length > LOG_LENGTH) log.lastElementChild.remove();
}

function heard() {
  const ok = hit().tone !== "stop";
  tone(ok);
  return ok;
}

function warn(text) {
  wait.textContent = text;
  wait.hidden = false;
}

function refuse(text) {
  tone(false);
  tell(text);
  warn(text);
}

async function drain() {
  if (busy) return;
  busy = true;
  while (queue.length) {
    // A command is about the card that the scans before it led to.
    const on = hit().label;
    if (on && !queue[0].has("on")) queue[0].set("on", on);
    try {
      const response = await fetch(form.action, { method: "POST", body: queue[0], signal: AbortSignal.timeout(15000) });
      if (response.status >= 500 || response.status === 429) throw new Error("not now");
      const code = queue.shift().get("code");
      wait.hidden = true;
      // A command may lead to another bench's page, which is another page even where it has a card too.
      if (response.redirected && new URL(response.url).pathname !== location.pathname) return location.assign(response.url);
      if (!(await show(response, /^cmd-/i.test(code) ? ["hit", "scan-set"] : ["hit"]))) {
        field.value = code; // such as the list of what was found
        return form.submit();
      }
      const ok = heard();
      if (ok && hit().say) tell(hit().say);
      note(code, ok, hit().label ? "" : said.textContent);
    } catch {
      // The same scan with the same key: whatever the laboratory did with it, it does once.
      warn(`${form.dataset.unsent} ${form.dataset.queued.replace("{n}", queue.length)}`);
      await new Promise((again) => setTimeout(again, RETRY_MS));
    }
  }
  busy = false;
}

/** Takes a code that was scanned, wherever it came from. @param {string} raw */
export function scanned(raw) {
  const code = plain(raw);
  lastScan = performance.now();
  field.value = "";
  field.focus({ preventScroll: true });
  if (/^cmd-ok$/i.test(code)) return primary();
  const data = typed(form);
  data.set("code", code);
  data.set("key", crypto.randomUUID?.() ?? `${Math.random()}`.slice(2) + Date.now());
  data.delete("on");
  queue.push(data);
  drain();
}

/** Takes the card's first step: by the command, or by Enter on the empty field. */
function primary() {
  const step = document.querySelector("form[data-primary]");
  if (document.querySelector("input[name=line]:checked")) return refuse(form.dataset.bulk);
  if (queue.length || !step) return refuse(form.dataset.noStep);
  wait.hidden = true;
  step.requestSubmit(step.querySelector("button"));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const now = event.timeStamp; // of the key itself, however busy the page is
  if (now - lastKey > GAP_MS) {
    burst = "";
    begun = event.target;
  }
  lastKey = now;
  if (event.key === "Enter" && burst.length >= MIN_LENGTH) {
    event.preventDefault();
    event.stopPropagation();
    if (begun !== field && begun?.value) begun.value = begun.value.replace(burst, "");
    // A pause within a scan cuts the burst; the field has all of it.
    scanned(begun === field && !OURS.test(burst) ? field.value : burst);
    burst = "";
  } else if (event.key.length === 1) burst += event.key;
}, true);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim() !== "") return scanned(field.value);
  if (performance.now() - lastScan > PAUSE_MS) primary();
});
// A step of the card was answered: hear it as a scan is heard.
document.addEventListener("swapped", ({ detail }) => {
  if (busy || !detail.includes("hit")) return;
  note(hit().label ?? "", heard(), said.textContent);
  field.focus();
});
addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
addEventListener("pageshow", () => field.focus());
