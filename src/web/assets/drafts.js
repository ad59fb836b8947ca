// A form that says `data-draft="PLACE"` is kept on the server while somebody types: a second after they stop, and before
// they leave. What is done with the form forgets it there: the hidden field `draft` says which.
const PAUSE_MS = 1000;
/** @type {WeakMap<HTMLFormElement, number>} */
const waiting = new WeakMap();

/** @param {EventTarget | null} target @returns {HTMLFormElement | null} */
function draftOf(target) {
  const form = target instanceof Element ? target.closest("form[data-draft]") : null;
  return form instanceof HTMLFormElement ? form : null;
}

/** The quiet line of a form. @param {HTMLFormElement} form */
function line(form) {
  const found = form.querySelector("[data-draft-said]");
  if (found instanceof HTMLElement) return found;
  const made = Object.assign(document.createElement("p"), { className: "hint" });
  made.dataset.draftSaid = "";
  form.append(made);
  return made;
}

/** @param {HTMLFormElement} form @param {boolean} leaving */
async function keep(form, leaving) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  if (!form.querySelector("input[name=draft]")) {
    const draft = { type: "hidden", name: "draft", value: form.dataset.draft };
    form.append(Object.assign(document.createElement("input"), draft));
  }
  const data = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  data.set("place", form.dataset.draft ?? "");
  try {
    const response = await fetch("/drafts", { method: "POST", body: data, keepalive: leaving });
    // Sent on to another page: nobody is signed in any more.
    line(form).textContent = response.ok && !response.redirected ? await response.text() : (line(form).dataset.lost ?? "");
  } catch {
    line(form).textContent = line(form).dataset.lost ?? "";
  }
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = draftOf(event.target);
    if (!form) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form, false), PAUSE_MS));
  });
}
document.addEventListener("submit", (event) => {
  const form = draftOf(event.target);
  // A press that only goes on with the form (`name=do`) sends nothing for good.
  if (!form || event.submitter?.getAttribute("name") === "do") return;
  clearTimeout(waiting.get(form)); // a later save would bring back what is being done
  waiting.delete(form);
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (form instanceof HTMLFormElement && waiting.has(form)) keep(form, true);
  }
});
