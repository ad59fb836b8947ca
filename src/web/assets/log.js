// Logging a case: what the server makes of it so far is shown while somebody fills it in. Fields keep what was typed; only
// what the server filled in or made absolute, and nobody has touched since, is taken over.
import { parse, put, typed } from "./swap.js";

const WHOLE = "log-page";
const QUIET = ["log-known", "log-tests"];
const PAUSE_MS = 120;
let asked = 0;
let waiting = 0;

const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("log"));

/**
 * What the server makes of the form.
 * @param {string} deed
 * @returns {Promise<{page: Document, sent: URLSearchParams} | null>} null when another answer was asked for since
 */
async function ask(deed) {
  const log = form();
  if (!log) return null;
  const turn = ++asked;
  const sent = typed(log);
  sent.set("do", deed);
  const response = await fetch(log.action, { method: "POST", body: sent });
  const page = parse(await response.text());
  if (turn !== asked) return null;
  if (!page.getElementById(WHOLE)) {
    location.assign(response.url); // such as the page to sign in; the draft is kept
    return null;
  }
  return { page, sent };
}

async function quietly() {
  const answer = await ask("check").catch(() => null);
  if (!answer) return;
  for (const fresh of answer.page.querySelectorAll("#log input[name]:not([type=hidden]), #log select[name]")) {
    const mine = document.getElementById(fresh.id);
    const text = /** @type {HTMLInputElement} */ (fresh);
    if (!(mine instanceof HTMLInputElement || mine instanceof HTMLSelectElement) || mine === document.activeElement) continue;
    if (mine.type !== "radio" && mine.type !== "checkbox" && mine.value === (answer.sent.get(mine.name) ?? "")) mine.value = text.value;
  }
  const hints = [...answer.page.querySelectorAll("#log .hint[id]")].map((hint) => hint.id);
  for (const id of [...QUIET, ...hints]) {
    const old = document.getElementById(id);
    if (old && !old.contains(document.activeElement)) put(answer.page.getElementById(id));
  }
}

document.addEventListener("change", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("#log")) return;
  clearTimeout(waiting);
  waiting = setTimeout(quietly, PAUSE_MS);
});

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (event.target !== form() || !(button instanceof HTMLButtonElement) || button.name !== "do" || button.value === "draft") return;
  event.preventDefault();
  clearTimeout(waiting);
  try {
    const answer = await ask(button.value);
    if (!answer || !put(answer.page.getElementById(WHOLE))) return;
    const next = document.querySelector("#log-page [autofocus]");
    if (next instanceof HTMLElement) next.focus();
    form()?.dispatchEvent(new Event("input", { bubbles: true })); // what was filled in belongs to the draft
    document.dispatchEvent(new CustomEvent("swapped", { detail: [WHOLE] }));
  } catch {
    form()?.submit();
  }
});
