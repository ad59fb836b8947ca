// Countdowns stay true while a page is open: text, bar and look, by the server's clock.
import { all, byId } from "./dom.js";

const STEP_MS = 20_000;
const LONGEST_S = 2 * 24 * 3600; // days stay as drawn
const clock = byId("clock");
const words = clock?.dataset;
const ahead = words?.now ? words.now - Date.now() / 1000 : 0;

/** @param {number} seconds */
function length(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes < 60) return words.minutes.replace("{m}", minutes);
  return words.hours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", `${minutes % 60}`.padStart(2, "0"));
}

function tick() {
  const now = Date.now() / 1000 + ahead;
  for (const item of all("[data-until]")) {
    const { until, warn, full } = item.dataset;
    const left = until - now;
    if (Math.abs(left) >= LONGEST_S) continue;
    const look = left < 0 ? "prob" : left < warn ? "attn" : "final";
    item.className = `clock clock--${look}`;
    item.querySelector("use")?.setAttribute("href", `#i-${look}`);
    item.querySelector(".clock__left")?.setAttribute("width", Math.max(0, Math.min(100, (left / full) * 100)));
    const text = item.querySelector(".clock__text");
    const said = left < 0 ? words.expired.replace("{t}", length(left)) : length(left);
    if (text && text.textContent !== said) text.textContent = said;
  }
}

if (clock) {
  setInterval(tick, STEP_MS);
  document.addEventListener("swapped", tick);
  tick();
}
