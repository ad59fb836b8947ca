// The few keys that work everywhere. Each presses something that can be seen: what says so in `aria-keyshortcuts`, and
// the form's own button. Never a single letter: a scanner types letters.

/** What a key presses: a field of this page before a link to another. @param {string} key */
function target(key) {
  const all = [...document.querySelectorAll(`[aria-keyshortcuts~="${key}"]`)];
  const found = all.find((e) => e.matches("input, textarea")) ?? all[0];
  return found instanceof HTMLElement ? found : null;
}

/** The button that Ctrl+Enter presses: of the form in focus, else the only one of the page. */
function submit() {
  const form = document.activeElement?.closest("form");
  const own = form?.querySelector("button[data-submit]");
  const all = document.querySelectorAll("button[data-submit]");
  const found = own ?? (all.length === 1 ? all[0] : null);
  return found instanceof HTMLButtonElement ? found : null;
}

addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (document.querySelector("dialog[open]")) return;
  if (plain && (event.key === "F2" || event.key === "F9")) {
    const found = event.key === "F2" ? (document.querySelector(".scan__field") ?? target("F2")) : target("F9");
    if (!(found instanceof HTMLElement)) return;
    event.preventDefault();
    if (found instanceof HTMLInputElement) {
      found.focus();
      found.select();
    } else {
      found.click();
    }
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.defaultPrevented) {
    const button = submit();
    if (!button) return;
    event.preventDefault();
    button.form?.requestSubmit(button);
  }
});
