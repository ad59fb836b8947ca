// A page that says `data-live` hears of changes and shows them. One line to the server per page in sight.
import { byId, swapped } from "./dom.js";
import { parse, put } from "./swap.js";

const main = document.querySelector("main[data-live]");
const lost = byId("live-lost");
const GIVE_UP_MS = 5000;
/** @type {EventSource | null} */
let line = null;
let worry = 0;

function listen() {
  if (!main || line || document.hidden) return;
  line = new EventSource(`/live?of=${encodeURIComponent(location.pathname + location.search)}`);
  line.addEventListener("part", ({ data }) => {
    put(parse(data).body.firstElementChild);
    swapped([]);
  });
  line.addEventListener("gone", () => {
    hush();
    document.dispatchEvent(new CustomEvent("gone"));
  });
  line.addEventListener("open", () => {
    clearTimeout(worry);
    lost.hidden = true;
  });
  line.addEventListener("error", () => {
    clearTimeout(worry);
    worry = setTimeout(() => (lost.hidden = false), GIVE_UP_MS);
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
document.addEventListener("swapped", ({ detail }) => {
  if (!detail.length) return;
  hush();
  listen();
});
