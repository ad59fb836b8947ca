// The few keys that work everywhere. Each presses something that can be seen: what says so in `aria-keyshortcuts`, and
// the form's own button. Never a single letter: a scanner types letters.
import { all } from "./dom.js";

/** What a key presses: a field of this page before a link to another. @param {string} key */
function target(key) {
  const found = all(`[aria-keyshortcuts~="${key}"]`);
  return found.find((e) => e.matches("input, textarea")) ?? found[0];
}

/** The button that Ctrl+Enter presses: of the form in focus, else the only one of the page. */
function submit() {
  const own = document.activeElement?.closest("form")?.querySelector("button[data-submit]");
  const buttons = all("button[data-submit]");
  return own ?? (buttons.length === 1 ? buttons[0] : null);
}

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const { key } = event;
  const control = event.ctrlKey || event.metaKey;
  if ((key === "F2" || key === "F9") && !control && !event.altKey && !event.shiftKey) {
    const found = target(key);
    if (!found) return;
    event.preventDefault();
    if (found instanceof HTMLInputElement) {
      found.focus();
      found.select();
    } else {
      found.click();
    }
  } else if (control && key === "Enter" && !event.defaultPrevented) {
    const button = submit();
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  }
});
