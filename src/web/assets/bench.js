// Selecting lines of a list: Shift takes a range, and the bar offers only what every selected line allows.
import { all, around, byId } from "./dom.js";

let anchor = ""; // the value of the box that a range begins at; a live change draws the box anew
let held = false; // whether Shift is

const boxes = () => all("#list input[name=line]");

function offer() {
  const chosen = boxes().filter((box) => box.checked);
  const allowed = chosen.map((box) => box.dataset.steps.split(" "));
  const buttons = all(".bulk button[name=step]");
  for (const button of buttons) {
    button.hidden = !allowed.every((steps) => steps.includes(button.value));
    button.textContent = `${button.dataset.name} (${chosen.length})`;
  }
  if (!buttons.length) return;
  byId("bulk-count").textContent = byId("list").dataset.stepOf.replace("{n}", chosen.length);
  byId("bulk-nothing").hidden = buttons.some((button) => !button.hidden);
}

/** @param {HTMLInputElement} box @param {boolean} ranged whether what lies between goes with it */
function choose(box, ranged) {
  const lines = boxes();
  const [from, to] = [lines.findIndex((line) => line.value === anchor), lines.indexOf(box)].sort((x, y) => x - y);
  if (ranged && from >= 0) for (const other of lines.slice(from, to + 1)) other.checked = box.checked;
  anchor = box.value;
  offer();
}

// Shift+Space gives a click without its Shift in some browsers; the keys themselves know.
for (const kind of ["keydown", "keyup"]) addEventListener(kind, (event) => (held = event.shiftKey));
document.addEventListener("click", (event) => {
  const box = around(event, "#list input[name=line]");
  if (box) choose(box, event.shiftKey || (held && event.detail === 0));
});
document.addEventListener("swapped", offer);
addEventListener("pageshow", offer);
