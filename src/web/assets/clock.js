// Countdowns stay true while a page is open: text, bar and look, by the server's clock.
const STEP_MS = 20_000;
// Days stay as drawn.
const LONGEST_S = 2 * 24 * 3600;
const clock = document.getElementById("clock");
const ahead = clock?.dataset.now ? Number(clock.dataset.now) - Date.now() / 1000 : 0;

/** @param {number} seconds */
function length(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const said = minutes < 60 ? clock?.dataset.minutes : clock?.dataset.hours;
  return (said ?? "")
    .replace("{h}", `${Math.floor(minutes / 60)}`)
    .replace("{m}", minutes < 60 ? `${minutes}` : `${minutes % 60}`.padStart(2, "0"));
}

function tick() {
  const now = Date.now() / 1000 + ahead;
  for (const item of document.querySelectorAll("[data-until]")) {
    if (!(item instanceof HTMLElement)) continue;
    const left = Number(item.dataset.until) - now;
    if (Math.abs(left) >= LONGEST_S) continue;
    const look = left < 0 ? "prob" : left < Number(item.dataset.warn) ? "attn" : "final";
    item.className = `clock clock--${look}`;
    item.querySelector("use")?.setAttribute("href", `#i-${look}`);
    item.querySelector(".clock__left")?.setAttribute("width", `${Math.max(0, Math.min(100, (left / Number(item.dataset.full)) * 100))}`);
    const text = item.querySelector(".clock__text");
    const said = left < 0 ? (clock?.dataset.expired ?? "").replace("{t}", length(left)) : length(left);
    if (text && text.textContent !== said) text.textContent = said;
  }
}

if (clock) {
  setInterval(tick, STEP_MS);
  document.addEventListener("swapped", tick);
  tick();
}
