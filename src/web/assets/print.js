// The browser's own print command, as a button. Without this module the button is not shown, and Ctrl+P does the same.
import { all } from "./dom.js";

for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
