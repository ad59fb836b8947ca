// Selecting lines of a list: Shift takes a range, and the bar offers only what every selected line allows.
/** @type {HTMLInputElement | null} */
let anchor = null;

const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#list input[name=line]")]);

function offer() {
  const list = document.getElementById("list");
  const chosen = boxes().filter((box) => box.checked);
  const allowed = chosen.map((box) => (box.dataset.steps ?? "").split(" "));
  let any = false;
  for (const button of document.querySelectorAll(".bulk button[name=step]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = !allowed.every((steps) => steps.includes(button.value));
    button.textContent = `${button.dataset.name} (${chosen.length})`;
    any ||= !button.hidden;
  }
  const count = document.getElementById("bulk-count");
  if (count) count.textContent = (list?.dataset.stepOf ?? "").replace("{n}", `${chosen.length}`);
  const nothing = document.getElementById("bulk-nothing");
  if (nothing) nothing.hidden = any;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.name !== "line") return;
  const all = boxes();
  const from = anchor ? all.indexOf(anchor) : -1;
  if (event.shiftKey && from >= 0) {
    const to = all.indexOf(box);
    for (const other of all.slice(Math.min(from, to), Math.max(from, to) + 1)) other.checked = box.checked;
  }
  anchor = box;
  offer();
});
// Shift+Space gives a click without its Shift in some browsers; the key itself knows.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== " " || !event.shiftKey || !(box instanceof HTMLInputElement) || box.name !== "line") return;
  event.preventDefault();
  box.checked = !box.checked;
  const all = boxes();
  const from = anchor ? all.indexOf(anchor) : -1;
  const to = all.indexOf(box);
  if (from >= 0) for (const other of all.slice(Math.min(from, to), Math.max(from, to) + 1)) other.checked = box.checked;
  anchor = box;
  offer();
});
document.addEventListener("swapped", offer);
addEventListener("pageshow", offer);
