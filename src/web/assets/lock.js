// A page that nobody uses is covered after the server's time, and stays as it is below: whoever gives the password of
// the same account goes on typing. Work on a page counts as use of the session, in every tab.
import { all, byId } from "./dom.js";
import { parse, typed } from "./swap.js";

const dialog = byId("lock");
const password = byId("lock-password");
const { minutes, user, lost } = dialog.dataset;
const TELL_MS = 60_000;
const LOOK_MS = 5_000;
const tabs = new BroadcastChannel("trephine");
let used = Date.now();
let told = used;
let locked = false;

/** @returns {Promise<boolean>} whether the session still counts; asking is use of it */
const alive = () =>
  fetch("/alive", { redirect: "manual" }).then(
    (answer) => answer.ok,
    () => true, // no line is no reason to lock
  );

function use() {
  if (locked) return;
  used = Date.now();
  if (used - told < TELL_MS) return;
  told = used;
  tabs.postMessage({ used });
  alive().then((yes) => yes || lock());
}

function lock() {
  if (locked) return;
  locked = true;
  for (const other of all("dialog[open]")) other.close();
  document.documentElement.dataset.locked = "";
  dialog.showModal();
  password.focus();
}

/** The page goes on, with the new session's word in all its forms. @param {string} csrf */
function unlock(csrf) {
  for (const input of all("input[name=csrf]")) input.value = csrf;
  locked = false;
  used = told = Date.now();
  delete document.documentElement.dataset.locked;
  dialog.close();
}

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = typed(event.target);
  password.value = "";
  const error = byId("lock-error");
  try {
    const response = await fetch("/unlock", { method: "POST", body });
    const page = parse(await response.text());
    const [who] = all("[data-user]", page);
    if (response.ok && who) {
      // Somebody else gets a page of their own, and nothing of this one.
      if (who.dataset.user !== user) return location.replace("/");
      const { csrf } = who.dataset;
      tabs.postMessage({ csrf, user });
      return unlock(csrf);
    }
    error.textContent = page.body.textContent;
  } catch {
    error.textContent = lost;
  }
  password.focus();
});

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("close", () => locked && dialog.showModal());
tabs.addEventListener("message", ({ data }) => {
  if (data.used) used = told = Math.max(used, data.used);
  if (data.csrf && data.user === user) unlock(data.csrf);
  else if (data.csrf) location.replace("/");
});
for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, use, { passive: true });
setInterval(() => Date.now() - used >= minutes * 60_000 && lock(), LOOK_MS);
document.addEventListener("locked", lock);
// The server says that this page is no more: the session is over, or its subject may no longer be seen.
document.addEventListener("gone", async () => ((await alive()) ? location.reload() : lock()));
