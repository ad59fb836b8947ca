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

/** @param {HTMLInputElement} box @param {boolean} ranged whether what lies between goes with it */
function choose(box, ranged) {
  const all = boxes();
  const ends = [anchor ? all.indexOf(anchor) : -1, all.indexOf(box)].sort((x, y) => x - y);
  if (ranged && ends[0] >= 0) for (const other of all.slice(ends[0], ends[1] + 1)) other.checked = box.checked;
  anchor = box;
  offer();
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (target instanceof HTMLInputElement && target.name === "line") choose(target, shiftKey);
});
// Shift+Space gives a click without its Shift in some browsers; the key itself knows.
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== " " || !event.shiftKey || !(box instanceof HTMLInputElement) || box.name !== "line") return;
  event.preventDefault();
  box.checked = !box.checked;
  choose(box, true);
});
document.addEventListener("swapped", offer);
addEventListener("pageshow", offer);
