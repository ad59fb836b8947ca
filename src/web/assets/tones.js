// One high tone: done. Two low ones: stop and look. No files; a device can be silent.
import { byId } from "./dom.js";

const KEY = "silent";
const button = byId("mute");
/** @type {AudioContext | undefined} */
let audio;
let silent = localStorage.getItem(KEY) === "1";

/** @param {number} hertz @param {number} after seconds from now */
export function beep(hertz, after) {
  audio ??= new AudioContext();
  const at = audio.currentTime + after;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.frequency.value = hertz;
  volume.gain.setValueAtTime(0.15, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.14);
  voice.connect(volume).connect(audio.destination);
  voice.start(at);
  voice.stop(at + 0.15);
}

/** Says how a scan went, to the ear and to the hand. @param {boolean} ok */
export function tone(ok) {
  navigator.vibrate?.(ok ? 40 : [80, 60, 80]);
  if (silent) return;
  try {
    if (ok) beep(1760, 0);
    else [0, 0.2].forEach((after) => beep(220, after));
  } catch {
    // A device without sound still has the card and the spoken text.
  }
}

function shown() {
  button.hidden = false;
  button.setAttribute("aria-pressed", silent);
}

if (button) {
  shown();
  button.addEventListener("click", () => {
    silent = !silent;
    localStorage.setItem(KEY, silent ? "1" : "0");
    shown();
  });
}
