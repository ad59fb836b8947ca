// The browser's own print command, as a button. Without this module the button is not shown, and Ctrl+P does the same.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => window.print());
}
