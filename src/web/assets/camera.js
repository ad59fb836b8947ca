// A phone's camera as a scanner: what it reads goes the way of every scan. Only where the browser itself reads barcodes.
import { byId } from "./dom.js";
import { scanned } from "./scan.js";

const dialog = byId("camera");
const button = byId("camera-open");
const video = dialog.querySelector("video");
const said = byId("camera-said");
const FORMATS = ["code_128", "data_matrix"]; // of tubes, and of slides and cassettes
const LOOK_MS = 150;
const AGAIN_MS = 3000; // a code that stays in sight, or comes back so soon, is one scan
/** @type {Map<string, number>} when each code was last in sight */
const seen = new Map();
/** @type {MediaStream | null} */
let stream = null;

async function start() {
  dialog.showModal();
  said.textContent = "";
  try {
    const taken = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream = taken;
    if (!dialog.open) return stop(); // closed while somebody was asked for leave
    await video.play();
    const known = await BarcodeDetector.getSupportedFormats();
    look(new BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) }));
  } catch {
    if (dialog.open) said.textContent = dialog.dataset.refused;
  }
}

/** @param {{ detect: (of: HTMLVideoElement) => Promise<{ rawValue: string }[]> }} detector */
async function look(detector) {
  while (stream) {
    for (const { rawValue: code } of await detector.detect(video).catch(() => [])) {
      const now = performance.now();
      const fresh = !(now - seen.get(code) < AGAIN_MS);
      seen.set(code, now);
      if (fresh && stream) scanned(code);
    }
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  video.srcObject = stream = null;
}

if ("BarcodeDetector" in globalThis && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.addEventListener("click", start);
  dialog.addEventListener("close", stop);
  byId("camera-close").addEventListener("click", () => dialog.close());
  document.addEventListener("visibilitychange", () => document.hidden && dialog.close());
  // What the card says lies behind the dialog.
  document.addEventListener("swapped", ({ detail }) => {
    if (detail.includes("hit")) said.textContent = byId("hit").dataset.say ?? byId("said").textContent;
  });
}
