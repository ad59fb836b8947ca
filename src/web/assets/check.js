// A form that says `data-check="id …"` is read by the server while it is typed, and the parts with these ids of the
// answer are shown. It is the answer of the button that says `data-checks`; nothing is entered by it.
import { parse, put, typed } from "./swap.js";

const QUIET_MS = 450;

/** @param {HTMLFormElement} form */
function watch(form) {
  const button = form.querySelector("button[data-checks]");
  if (!(button instanceof HTMLButtonElement)) return;
  let timer = 0;
  /** @type {AbortController | null} */
  let going = null;

  async function check(asked) {
    clearTimeout(timer);
    going?.abort();
    going = new AbortController();
    const body = typed(form, button);
    body.delete("password");
    const url = button.hasAttribute("formaction") ? button.formAction : form.action;
    try {
      const answer = await fetch(url, { method: "POST", body, signal: going.signal });
      if (!answer.ok) return;
      const page = parse(await answer.text());
      for (const id of form.dataset.check.split(" ")) put(page.getElementById(id));
      if (asked) document.getElementById("said")?.replaceChildren(button.dataset.checks);
    } catch {
      // Left early, or the line is lost: the button still works as a plain one, and the next letter tries again.
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "password") return;
    clearTimeout(timer);
    timer = setTimeout(check, QUIET_MS);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    check(true);
  });
}

document.querySelectorAll("form[data-check]").forEach((form) => form instanceof HTMLFormElement && watch(form));

// “Put in”: a finding's suggestion goes where the finding is, in the text as it is typed.
document.addEventListener("click", (event) => {
  const fix = event.target instanceof Element ? event.target.closest("button[data-fix]") : null;
  if (!(fix instanceof HTMLElement)) return;
  const field = document.getElementById(fix.dataset.in);
  if (!(field instanceof HTMLTextAreaElement)) return;
  const letters = [...field.value];
  letters.splice(Number(fix.dataset.at) - 1, Number(fix.dataset.length), fix.dataset.fix);
  field.value = letters.join("");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
