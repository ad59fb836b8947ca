// A page that says `data-live` hears of changes and shows them. One line to the server per page in sight.
import { parse, put } from "./swap.js";

const main = document.querySelector("main[data-live]");
const lost = document.getElementById("live-lost");
const GIVE_UP_MS = 5000;
/** @type {EventSource | null} */
let line = null;
let worry = 0;

function listen() {
  if (!main || line || document.hidden) return;
  line = new EventSource(`/live?of=${encodeURIComponent(location.pathname + location.search)}`);
  line.addEventListener("part", (event) => {
    const page = parse(`<body>${event.data}</body>`);
    put(page.body.firstElementChild);
    document.dispatchEvent(new CustomEvent("swapped", { detail: [] }));
  });
  line.addEventListener("gone", () => {
    hush();
    document.dispatchEvent(new CustomEvent("gone"));
  });
  line.addEventListener("open", () => {
    clearTimeout(worry);
    if (lost) lost.hidden = true;
  });
  line.addEventListener("error", () => {
    clearTimeout(worry);
    worry = setTimeout(() => {
      if (lost) lost.hidden = false;
    }, GIVE_UP_MS);
    if (line?.readyState === EventSource.CLOSED) {
      line = null;
      setTimeout(listen, GIVE_UP_MS);
    }
  });
}

function hush() {
  line?.close();
  line = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
addEventListener("pagehide", hush);
addEventListener("pageshow", listen);
// The address is what the page shows: after a swap it may be another list.
document.addEventListener("swapped", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.length === 0) return;
  hush();
  listen();
});
