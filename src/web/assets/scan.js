// A wedge scanner is a very fast typist that ends in Enter. Wherever the focus is, a burst goes to the scan field; commands
// are taken out before any field sees them; scans wait for each other in order, each with a key of its own.
import { show, typed } from "./swap.js";
import { tone } from "./tones.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("scan"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("code"));
const log = document.getElementById("scan-log");
const wait = document.getElementById("scan-wait");
const said = document.getElementById("said");
const GAP_MS = 35;
const MIN_LENGTH = 6;
const PAUSE_MS = 400;
const RETRY_MS = 3000;
const LOG_LENGTH = 6;

/** @type {URLSearchParams[]} */
const queue = [];
let busy = false;
let lastScan = -Infinity;
let burst = "";
let lastKey = 0;
/** @type {EventTarget | null} */
let begun = null;

/** @param {string} text */
const plain = (text) => text.replace(/[\u0000-\u001f\u007f]/g, "").trim().replace(/^\][A-Za-z][0-9A-Za-z]/, "");
/** @param {string} text */
const tell = (text) => { if (said) said.textContent = text; };

/** @param {string} code @param {boolean} ok @param {string} [more] what was done */
function note(code, ok, more) {
  const line = document.createElement("li");
  const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  line.className = ok ? "ok" : "stop";
  line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${ok ? "final" : "prob"}"></use></svg>`;
  const why = document.querySelector("#hit [role=alert]");
  line.append(`${at} `, Object.assign(document.createElement("span"), { className: "id", textContent: code }));
  const text = (!ok && why?.textContent) || more;
  if (text) line.append(` ${text}`);
  log?.prepend(line);
  while (log && log.children.length > LOG_LENGTH) log.lastElementChild?.remove();
}

function heard() {
  const ok = document.getElementById("hit")?.dataset.tone !== "stop";
  tone(ok);
  return ok;
}

function warn(text) {
  if (wait) { wait.textContent = text; wait.hidden = false; }
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
    const on = document.getElementById("hit")?.dataset.label;
    if (on && !queue[0].has("on")) queue[0].set("on", on);
    try {
      const response = await fetch(form.action, { method: "POST", body: queue[0], signal: AbortSignal.timeout(15000) });
      const [sent] = queue.splice(0, 1);
      if (wait) wait.hidden = true;
      await show(response, ["hit"]);
      const hit = document.getElementById("hit");
      const ok = heard();
      if (ok && hit?.dataset.say) tell(hit.dataset.say);
      note(sent.get("code") ?? "", ok);
    } catch {
      // The same scan with the same key: whatever the laboratory did with it, it does once.
      warn(`${form.dataset.unsent} ${form.dataset.queued?.replace("{n}", `${queue.length}`)}`);
      await new Promise((again) => setTimeout(again, RETRY_MS));
    }
  }
  busy = false;
}

/** @param {string} raw */
function scanned(raw) {
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
  if (document.querySelector("input[name=line]:checked")) return refuse(form.dataset.bulk ?? "");
  if (queue.length || !(step instanceof HTMLFormElement)) return refuse(form.dataset.noStep ?? "");
  if (wait) wait.hidden = true;
  step.requestSubmit(step.querySelector("button"));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const now = performance.now();
  if (now - lastKey > GAP_MS) {
    burst = "";
    begun = event.target;
  }
  lastKey = now;
  if (event.key === "Enter" && burst.length >= MIN_LENGTH) {
    event.preventDefault();
    event.stopPropagation();
    if (begun !== field && (begun instanceof HTMLInputElement || begun instanceof HTMLTextAreaElement)) begun.value = begun.value.replace(burst, "");
    scanned(burst);
    burst = "";
  } else if (event.key.length === 1) burst += event.key;
}, true);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim() !== "") return scanned(field.value);
  if (performance.now() - lastScan > PAUSE_MS) primary();
});
// A step of the card was answered: hear it as a scan is heard.
document.addEventListener("swapped", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.includes("hit") && !busy) {
    note(document.getElementById("hit")?.dataset.label ?? "", heard(), said?.textContent ?? "");
    field.focus();
  }
});
addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
addEventListener("pageshow", () => field.focus());
