// Counts cells of a differential with the keys of the number block. Keys count only in a mode of its own, which a button
// enters and leaves. A scanner types far faster than a hand: a burst of keys is never cells.
import { all, around, byId, make } from "./dom.js";
import { beep } from "./tones.js";

const pad = byId("pad");
const begin = byId("count");
const words = pad?.dataset;
const GAP_MS = 35;
const BURST = 4; // so many keys without a pause are a scan
const TONE_EVERY = 100;
const BACK = ["Subtract", "Backspace"];

const keys = pad ? all("button[data-class]", pad) : [];
/** @type {string[]} the classes counted here, in order */
let done = [];
/** @type {string[]} keys that may still turn out to be a scan */
let waiting = [];
let last = -Infinity;
let timer = 0;

const field = (name) => byId(`${words.of}.${name}`);
const number = (name) => Math.max(0, Math.trunc(Number(field(name).value) || 0));
const total = () => keys.reduce((sum, key) => sum + number(key.dataset.class), 0);
const target = () => Number(byId("pad-target").value);
const say = (text) => (byId("pad-said").textContent = text);

function draw() {
  const sum = total();
  for (const key of keys) {
    const n = number(key.dataset.class);
    key.querySelector("output").textContent = n;
    key.querySelector("small").textContent = sum ? `${((n / sum) * 100).toFixed(1)} %` : "";
  }
  byId("pad-total").textContent = sum;
  byId("pad-of").textContent = target();
  Object.assign(byId("pad-bar"), { max: target(), value: Math.min(sum, target()) });
}

/** @param {string} name of the class @param {number} by */
function add(name, by) {
  const input = field(name);
  input.value = number(name) + by;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  draw();
}

/** @param {string} code of a key */
function press(code) {
  if (BACK.includes(code)) return undo();
  const name = keys.find((key) => key.dataset.code === code)?.dataset.class;
  if (!name) return;
  done.push(name);
  add(name, 1);
  const reached = total() === target();
  if (reached) say(words.reached);
  if ((reached || total() % TONE_EVERY === 0) && byId("pad-tone").checked) beep(reached ? 880 : 660, 0);
}

function undo() {
  const name = done.pop();
  if (!name || number(name) === 0) return;
  add(name, -1);
  say(words.back);
}

function settle() {
  const typed = waiting;
  waiting = [];
  if (typed.length >= BURST) say(words.scan);
  else typed.forEach(press);
}

/** @param {KeyboardEvent} event */
function typed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") return leave();
  const code = event.code.replace(/^(Numpad|Digit)/, "");
  const ours = BACK.includes(code) || keys.some((key) => key.dataset.code === code);
  const choosing = event.target instanceof HTMLSelectElement;
  if (choosing || (!ours && event.key.length > 1 && event.key !== "Enter")) return; // Tab, Shift, arrows
  const pressing = event.key === "Enter" || event.key === " ";
  if (pressing && event.timeStamp - last > GAP_MS) return; // presses the button in focus
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
    begin.after(make("p", { className: "error", textContent: words.percent }));
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
    const key = around(event, "button[data-code]");
    if (key) press(key.dataset.code);
  });
}
