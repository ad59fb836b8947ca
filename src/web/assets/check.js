// A form that says `data-check="id …"` is read by the server while it is typed, and the parts with these ids of the
// answer are shown. It is the answer of the button that says `data-checks`; nothing is entered by it.
import { all, around, byId } from "./dom.js";
import { parse, put, typed } from "./swap.js";

const QUIET_MS = 450;

/** @param {HTMLFormElement} form */
function watch(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[data-checks]"));
  let timer = 0;
  let going = new AbortController();

  /** @param {boolean} [asked] by a press of the button, which is answered aloud */
  async function check(asked) {
    clearTimeout(timer);
    going.abort();
    going = new AbortController();
    const body = typed(form, button);
    body.delete("password");
    const url = button.hasAttribute("formaction") ? button.formAction : form.action;
    try {
      const answer = await fetch(url, { method: "POST", body, signal: going.signal });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      for (const id of form.dataset.check.split(" ")) put(page.getElementById(id));
      if (asked) byId("said").textContent = button.dataset.checks;
    } catch {
      // Left early, or the line is lost: the button still works as a plain one, and the next letter tries again.
    }
  }

  form.addEventListener("input", ({ target }) => {
    if (/** @type {any} */ (target).type === "password") return;
    clearTimeout(timer);
    timer = setTimeout(check, QUIET_MS);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    check(true);
  });
}

all("form[data-check]").forEach(watch);

// “Put in”: a finding's suggestion goes where the finding is, in the text as it is typed.
document.addEventListener("click", (event) => {
  const fix = around(event, "button[data-fix]")?.dataset;
  const field = fix && byId(fix.in);
  if (!field) return;
  const letters = [...field.value];
  letters.splice(fix.at - 1, fix.length, fix.fix);
  field.value = letters.join("");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
