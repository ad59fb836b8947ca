// Shows what is typed as a password, for as long as its button is pressed in.
import { all, byId } from "./dom.js";

for (const button of all("button[data-reveal]")) {
  const field = byId(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
    field.focus();
  });
  // So that no browser keeps it as a text.
  field.form.addEventListener("submit", () => (field.type = "password"));
}
