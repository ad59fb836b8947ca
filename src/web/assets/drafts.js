// A form that says `data-draft="PLACE"` is kept on the server while somebody types: a second after they stop, and before
// they leave. The form carries its place in the field `draft`, so that what is done with it forgets it there.
import { all, around } from "./dom.js";
import { typed } from "./swap.js";

const PAUSE_MS = 1000;
const DRAFT = "form[data-draft]";
/** @type {Map<HTMLFormElement, number>} forms that were typed into and not kept yet */
const waiting = new Map();

/** @param {HTMLFormElement} form */
function calm(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

/** @param {HTMLFormElement} form @param {boolean} leaving */
async function keep(form, leaving) {
  calm(form);
  const body = typed(form);
  body.set("place", form.dataset.draft);
  const text = await fetch("/drafts", { method: "POST", body, keepalive: leaving })
    // Sent on to another page: nobody is signed in any more.
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
    .catch(() => null);
  const [said] = all("[data-draft-said]", form);
  said.textContent = text ?? said.dataset.lost;
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = around(event, DRAFT);
    if (!form) return;
    calm(form);
    waiting.set(form, setTimeout(() => keep(form, false), PAUSE_MS));
  });
}
document.addEventListener("submit", (event) => {
  // A press that only goes on with the form (`name=do`) sends nothing for good; after any other, a later save would bring
  // back what is being done.
  if (event.submitter?.getAttribute("name") !== "do") calm(event.target);
});
addEventListener("pagehide", () => {
  for (const form of all(DRAFT)) if (waiting.has(form)) keep(form, true);
});
