// A wedge scanner is a very fast typist that ends in Enter. Wherever the focus is, a burst goes to the scan field;
// ordinary typing is left alone. Enter on the empty field takes the card's first step, but never right after a scan.
const form = document.getElementById("scan");
const field = document.getElementById("code");
const GAP_MS = 35;
const MIN_LENGTH = 6;
const PAUSE_MS = 400;

/** @type {string} */
let burst = "";
let last = 0;
/** @type {EventTarget | null} */
let begun = null;
const shown = performance.now();

addEventListener("keydown", (event) => {
  if (event.target === field || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = performance.now();
  if (now - last > GAP_MS) {
    burst = "";
    begun = event.target;
  }
  last = now;
  if (event.key === "Enter" && burst.length >= MIN_LENGTH) {
    event.preventDefault();
    if (begun instanceof HTMLInputElement || begun instanceof HTMLTextAreaElement) {
      begun.value = begun.value.replace(burst, "");
    }
    field.value = burst;
    burst = "";
    form.requestSubmit();
  } else if (event.key.length === 1) {
    burst += event.key;
  }
}, true);

let sent = false;
form.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault(); // one scan, one request
    return;
  }
  if (field.value.trim() === "") {
    const step = document.querySelector("form[data-primary]");
    if (step instanceof HTMLFormElement && performance.now() - shown > PAUSE_MS) {
      event.preventDefault();
      step.requestSubmit();
      return;
    }
  }
  sent = true;
});
addEventListener("pageshow", () => {
  sent = false;
  field.focus();
  field.select();
});
