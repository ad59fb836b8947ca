// Ctrl+K: one box over the page. What it shows is a fragment of the server's; here is only when to ask and where to go.
import { all, around, byId } from "./dom.js";
import { parse, put, typed } from "./swap.js";

const dialog = byId("palette");
const box = byId("palette-q");
const PAUSE_MS = 120;
let asked = 0;
let wait = 0;

async function ask() {
  const turn = ++asked;
  try {
    const response = await fetch("/palette", { method: "POST", body: typed(box.form) });
    if (response.status === 401) document.dispatchEvent(new CustomEvent("locked"));
    const text = await response.text();
    // An answer that comes late must not replace that of newer words.
    if (turn !== asked || !response.ok) return;
    put(parse(text).getElementById("palette-list"));
    // Theme and language come back to this page.
    for (const next of all("input[name=next]", dialog)) next.value = location.pathname + location.search;
  } catch {
    // The box itself still works: Enter sends it as a whole page.
  }
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  dialog.showModal();
  box.value = "";
  box.focus();
  ask();
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});

dialog.addEventListener("keydown", (event) => {
  const stops = [box, ...all("#palette-list a, #palette-list button")];
  const at = stops.indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : stops.length - 1;
    stops[(Math.max(at, 0) + step) % stops.length].focus();
  } else if (event.key.length === 1 && !event.ctrlKey && event.key !== " " && at > 0) {
    box.focus(); // whoever types on goes on in the box
  }
});

box.addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(ask, PAUSE_MS);
});

// Beside the box is the backdrop; closing gives the focus back to where it was.
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || around(event, "[data-close]")) dialog.close();
});

for (const button of all("[data-palette]")) {
  button.hidden = false;
  button.addEventListener("click", open);
}
