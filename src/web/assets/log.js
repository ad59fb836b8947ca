// Logging a case: what the server makes of it so far is shown while somebody fills it in. Fields keep what was typed; only
// what the server filled in or made absolute, and nobody has touched since, is taken over.
import { all, around, byId, swapped } from "./dom.js";
import { parse, put, typed } from "./swap.js";

const WHOLE = "log-page";
const QUIET = ["log-known", "log-tests"];
const PAUSE_MS = 120;
let asked = 0;
let waiting = 0;

/** What the server makes of the form. @param {string} deed
 * @returns {Promise<{page: Document, sent: URLSearchParams} | null>} null when another answer was asked for since */
async function ask(deed) {
  const form = byId("log");
  const turn = ++asked;
  const sent = typed(form);
  sent.set("do", deed);
  const response = await fetch(form.action, { method: "POST", body: sent });
  const page = parse(await response.text());
  if (turn !== asked) return null;
  if (page.getElementById(WHOLE)) return { page, sent };
  location.assign(response.url); // such as the page to sign in; the draft is kept
  return null;
}

async function quietly() {
  const answer = await ask("check").catch(() => null);
  if (!answer) return;
  const { page, sent } = answer;
  for (const fresh of all("#log input[name]:not([type=hidden], [type=radio], [type=checkbox]), #log select[name]", page)) {
    const mine = byId(fresh.id);
    if (mine && mine !== document.activeElement && mine.value === (sent.get(mine.name) ?? "")) mine.value = fresh.value;
  }
  const hints = all("#log .hint[id]", page).map((hint) => hint.id);
  for (const id of [...QUIET, ...hints]) {
    if (!byId(id)?.contains(document.activeElement)) put(page.getElementById(id));
  }
}

document.addEventListener("change", (event) => {
  if (!around(event, "#log")) return;
  clearTimeout(waiting);
  waiting = setTimeout(quietly, PAUSE_MS);
});

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "log" || button?.name !== "do" || button.value === "draft") return;
  event.preventDefault();
  clearTimeout(waiting);
  try {
    const answer = await ask(button.value);
    if (!answer || !put(answer.page.getElementById(WHOLE))) return;
    document.querySelector("#log-page [autofocus]")?.focus();
    byId("log").dispatchEvent(new Event("input", { bubbles: true })); // what was filled in belongs to the draft
    swapped([WHOLE]);
  } catch {
    form.submit();
  }
});
