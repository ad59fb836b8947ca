// Ctrl+K: one box over the page. What it shows is a fragment of the server's; here is only when to ask and where to go.
import { parse, put, typed } from "./swap.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("palette"));
const form = dialog?.querySelector("form");
const box = /** @type {HTMLInputElement | null} */ (document.getElementById("palette-q"));
const PAUSE_MS = 120;
let asked = 0;
let wait = 0;

async function ask() {
  if (!form) return;
  const turn = ++asked;
  try {
    const body = typed(form);
    const response = await fetch("/palette", { method: "POST", body });
    if (response.status === 401) document.dispatchEvent(new CustomEvent("locked"));
    const text = await response.text();
    // An answer that comes late must not replace that of newer words.
    if (turn !== asked || !response.ok) return;
    put(parse(text).getElementById("palette-list"));
    // Theme and language come back to this page.
    const here = location.pathname + location.search;
    for (const next of dialog?.querySelectorAll("input[name=next]") ?? []) /** @type {HTMLInputElement} */ (next).value = here;
  } catch {
    // The box itself still works: Enter sends it as a whole page.
  }
}

function open() {
  if (!dialog || !box || dialog.open || document.querySelector("dialog[open]")) return;
  dialog.showModal();
  box.value = "";
  box.focus();
  ask();
}

/** @returns {HTMLElement[]} what the arrows go through, the box first */
function stops() {
  const lines = dialog?.querySelectorAll("#palette-list a, #palette-list button") ?? [];
  return /** @type {HTMLElement[]} */ ([box, ...lines]);
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});

dialog?.addEventListener("keydown", (event) => {
  const all = stops();
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : all.length - 1;
    all[(Math.max(at, 0) + step) % all.length]?.focus();
  } else if (event.key.length === 1 && !event.ctrlKey && event.key !== " " && at > 0) {
    box?.focus(); // whoever types on goes on in the box
  }
});

box?.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(ask, PAUSE_MS);
});

dialog?.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  // Beside the box is the backdrop; closing gives the focus back to where it was.
  if (target === dialog || target.closest("[data-close]")) dialog.close();
});

for (const button of document.querySelectorAll("[data-palette]")) {
  if (!(button instanceof HTMLElement)) continue;
  button.hidden = false;
  button.addEventListener("click", open);
}
