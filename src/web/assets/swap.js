// Pages stay whole pages; this only puts parts of a new one in the place of the old, without losing focus or ticks.
import { all, byId, swapped } from "./dom.js";

/** @param {string} html @returns {Document} */
export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** What a form holds. @param {HTMLFormElement} form @param {HTMLElement | null} [button] the one that was pressed */
export const typed = (form, button) => new URLSearchParams(/** @type {any} */ (new FormData(form, button)));

/** How to find an element again in fresh markup. @param {Element} element @returns {string | null} a selector */
function trace(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const said = (name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  const name = ["name", "href", "data-key"].find((n) => element.getAttribute(n));
  if (!name) return null;
  return element.localName + said(name) + (name === "name" && element.getAttribute("value") ? said("value") : "");
}

/** Puts a fresh element in the place of the one with its id, with focus, ticks and open details of the old one.
 * @param {Element | null} fresh @returns {boolean} whether there was such a place */
export function put(fresh) {
  const old = fresh?.id ? byId(fresh.id) : null;
  if (!old) return false;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const [back, ...ticked] = [focused, ...all("input[type=checkbox]:checked", old)].map((e) => e && trace(e));
  const open = all("details[open][id]", old).map(trace);
  const place = document.adoptNode(fresh);
  // A part that is sent without what it holds leaves places for it.
  for (const empty of all("[data-keep]", place)) empty.replaceWith(byId(empty.id) ?? empty);
  const find = (path) => path && place.querySelector(path);
  old.replaceWith(place);
  for (const box of ticked.map(find)) if (box) box.checked = true;
  for (const details of open.map(find)) if (details) details.open = true;
  if (focused) focus((back && place.matches(back) && place) || find(back) || find("[data-focus]") || place);
  return true;
}

/** @param {HTMLElement} element */
function focus(element) {
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Shows the parts of an answered page. One that has another address is gone to for good, such as that to sign in.
 * @param {Response} response @param {string[]} ids which parts
 * @returns {Promise<boolean>} false for a page without these parts that has no address: it is asked for as a whole */
export async function show(response, ids) {
  const page = parse(await response.text());
  const parts = ids.map((id) => page.getElementById(id));
  if (parts.includes(null) || !parts.every(put)) {
    if (response.redirected) location.assign(response.url);
    return response.redirected;
  }
  document.title = page.title;
  if (response.redirected && response.ok) history.replaceState(null, "", response.url);
  byId("said").textContent = page.querySelector("[role=alert], .done")?.textContent ?? "";
  const first = document.querySelector("[data-focus]");
  if (first && document.activeElement === document.body) focus(first);
  swapped(ids);
  return true;
}

/** Sends a form and shows the parts it names in `data-swap`. @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  if (form.dataset.busy) return; // one press, one request
  form.dataset.busy = "1";
  const data = typed(form, button);
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  try {
    const get = form.method === "get";
    const url = get ? `${action.split("?")[0]}?${data}` : action;
    const response = await fetch(url, get ? {} : { method: "POST", body: data });
    // The session is over: the page is covered, and the form stays as it was typed.
    if (response.status === 401) return void document.dispatchEvent(new CustomEvent("locked"));
    if (get) history.replaceState(null, "", url);
    if (await show(response, form.dataset.swap.split(" "))) return;
  } catch {
    // No line: the browser says so itself.
  } finally {
    delete form.dataset.busy;
  }
  form.dataset.plain = ""; // the same press and the same key once more, the plain way
  form.requestSubmit(button);
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || !form.dataset.swap || "plain" in form.dataset) return;
  event.preventDefault();
  send(form, event.submitter);
});
