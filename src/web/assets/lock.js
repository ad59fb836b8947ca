// A page that nobody uses is covered after the server's time, and stays as it is below: whoever gives the password of
// the same account goes on typing. Work on a page counts as use of the session, in every tab.
import { parse, typed } from "./swap.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("lock"));
const form = dialog?.querySelector("form");
const password = /** @type {HTMLInputElement | null} */ (document.getElementById("lock-password"));
const error = document.getElementById("lock-error");
const idle = Number(dialog?.dataset.minutes ?? 15) * 60_000;
const TELL_MS = 60_000;
const LOOK_MS = 5_000;
const tabs = new BroadcastChannel("trephine");
let used = Date.now();
let told = Date.now();
let locked = false;

/** @returns {Promise<boolean>} whether the session still counts; asking is use of it */
async function alive() {
  try {
    return (await fetch("/alive", { redirect: "manual" })).ok;
  } catch {
    return true; // no line is no reason to lock
  }
}

function use() {
  if (locked) return;
  used = Date.now();
  if (used - told < TELL_MS) return;
  told = used;
  tabs.postMessage({ used });
  alive().then((yes) => yes || lock());
}

function lock() {
  if (!dialog || locked) return;
  locked = true;
  for (const other of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (other).close();
  document.documentElement.dataset.locked = "";
  dialog.showModal();
  password?.focus();
}

/** The page goes on, with the new session's word in all its forms. @param {string} csrf */
function unlock(csrf) {
  for (const input of document.querySelectorAll("input[name=csrf]")) /** @type {HTMLInputElement} */ (input).value = csrf;
  locked = false;
  used = told = Date.now();
  delete document.documentElement.dataset.locked;
  dialog?.close();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = typed(form);
  if (password) password.value = "";
  try {
    const response = await fetch("/unlock", { method: "POST", body });
    const page = parse(await response.text());
    const who = page.querySelector("[data-user]");
    if (response.ok && who instanceof HTMLElement) {
      // Somebody else gets a page of their own, and nothing of this one.
      if (who.dataset.user !== dialog?.dataset.user) return location.replace("/");
      const csrf = who.dataset.csrf ?? "";
      tabs.postMessage({ csrf, user: who.dataset.user });
      return unlock(csrf);
    }
    if (error) error.textContent = page.body.textContent;
  } catch {
    if (error) error.textContent = dialog?.dataset.lost ?? "";
  }
  password?.focus();
});

dialog?.addEventListener("cancel", (event) => event.preventDefault());
dialog?.addEventListener("close", () => locked && dialog.showModal());
tabs.addEventListener("message", ({ data }) => {
  if (data.used) used = told = Math.max(used, data.used);
  if (data.csrf && data.user === dialog?.dataset.user) unlock(data.csrf);
  else if (data.csrf) location.replace("/");
});
for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, use, { passive: true });
setInterval(() => Date.now() - used >= idle && lock(), LOOK_MS);
document.addEventListener("locked", lock);
// The server says that this page is no more: the session is over, or its subject may no longer be seen.
document.addEventListener("gone", async () => ((await alive()) ? location.reload() : lock()));
// What was typed before the session ended is sent on as soon as the same person is back.
const again = document.querySelector("form[data-resume]");
if (again instanceof HTMLFormElement) again.requestSubmit();
