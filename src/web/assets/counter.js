// Counts cells of a differential with the keys of the number block. Keys count only in a mode of its own, which a button
// enters and leaves. A scanner types far faster than a hand: a burst of keys is never cells.
import { beep } from "./tones.js";

const pad = document.getElementById("pad");
const begin = document.getElementById("count");
const GAP_MS = 35;
const BURST = 4; // so many keys without a pause are a scan
const TONE_EVERY = 100;

/** @type {HTMLButtonElement[]} */
const keys = pad ? [...pad.querySelectorAll("button[data-class]")] : [];
/** @type {string[]} the classes counted here, in order */
let done = [];
/** @type {string[]} keys that may still turn out to be a scan */
let waiting = [];
let last = -Infinity;
let timer = 0;

const byId = (id) => document.getElementById(id);
/** @param {string} name @returns {HTMLInputElement} */
const field = (name) => byId(`${pad.dataset.of}.${name}`);
const number = (name) => Math.max(0, Math.trunc(Number(field(name).value) || 0));
const total = () => keys.reduce((sum, key) => sum + number(key.dataset.class), 0);
const target = () => Number(byId("pad-target").value);
const say = (text) => {
  byId("pad-said").textContent = text;
};

function draw() {
  const all = total();
  for (const key of keys) {
    const n = number(key.dataset.class);
    key.querySelector("output").textContent = String(n);
    key.querySelector("small").textContent = all ? `${((n / all) * 100).toFixed(1)} %` : "";
  }
  byId("pad-total").textContent = String(all);
  byId("pad-of").textContent = String(target());
  Object.assign(byId("pad-bar"), { max: target(), value: Math.min(all, target()) });
}

/** @param {string} name @param {number} by */
function add(name, by) {
  const input = field(name);
  input.value = String(number(name) + by);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  draw();
}

/** @param {string} name */
function count(name) {
  done.push(name);
  add(name, 1);
  const all = total();
  if (all === target()) say(pad.dataset.reached);
  if (all === target() || all % TONE_EVERY === 0) tone(all === target() ? 880 : 660);
}

function undo() {
  const name = done.pop();
  if (!name || number(name) === 0) return;
  add(name, -1);
  say(pad.dataset.back);
}

/** @param {number} hertz */
const tone = (hertz) => byId("pad-tone").checked && beep(hertz, 0);

/** @param {string} code */
function press(code) {
  if (code === "Subtract" || code === "Backspace") return undo();
  const key = keys.find((k) => k.dataset.code === code);
  if (key) count(key.dataset.class);
}

function settle() {
  const typed = waiting;
  waiting = [];
  if (typed.length >= BURST) say(pad.dataset.scan);
  else typed.forEach(press);
}

/** @param {KeyboardEvent} event */
function typed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") return leave();
  const code = event.code.replace(/^(Numpad|Digit)/, "");
  const ours = code === "Subtract" || code === "Backspace" || keys.some((k) => k.dataset.code === code);
  const choosing = event.target instanceof HTMLSelectElement;
  if (choosing || (!ours && event.key.length > 1 && event.key !== "Enter")) return; // Tab, Shift, arrows
  if (event.key === "Enter" || event.key === " ") {
    if (event.timeStamp - last > GAP_MS) return; // presses the button in focus
  }
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat) return;
  last = event.timeStamp;
  waiting.push(code);
  clearTimeout(timer);
  timer = setTimeout(settle, GAP_MS + 5);
}

function enter() {
  const tally = field("tally");
  if (tally.value === "percent" && total() > 0) {
    begin.after(Object.assign(document.createElement("p"), { className: "error", textContent: pad.dataset.percent }));
    return;
  }
  tally.value = "cells";
  field("counted").value = "";
  done = [];
  pad.hidden = false;
  begin.hidden = true;
  draw();
  pad.focus();
}

function leave() {
  pad.hidden = true;
  begin.hidden = false;
  begin.focus();
}

if (pad && begin) {
  begin.hidden = false;
  begin.addEventListener("click", enter);
  byId("pad-leave").addEventListener("click", leave);
  byId("pad-target").addEventListener("change", draw);
  pad.addEventListener("keydown", typed);
  pad.addEventListener("click", (event) => {
    const key = event.target instanceof Element ? event.target.closest("button[data-code]") : null;
    if (key instanceof HTMLElement) press(key.dataset.code);
  });
}
