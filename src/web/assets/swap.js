// Pages stay whole pages; this only puts parts of a new one in the place of the old, without losing focus or ticks.

/** @param {string} html @returns {Document} */
export const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** What a form holds. @param {HTMLFormElement} form @param {HTMLButtonElement | null} [button] the one that was pressed */
export const typed = (form, button) => new URLSearchParams(/** @type {any} */ (new FormData(form, button)));

/** How to find an element again in fresh markup. @param {Element} element @returns {string | null} */
function trace(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  for (const name of ["name", "href", "data-key"]) {
    const value = element.getAttribute(name);
    if (!value) continue;
    const within = element.getAttribute("value");
    const more = name === "name" && within ? `[value="${CSS.escape(within)}"]` : "";
    return `${element.localName}[${name}="${CSS.escape(value)}"]${more}`;
  }
  return null;
}

/** Puts a fresh element in the place of the one with its id, with focus, ticks and open details of the old one.
 * @param {Element | null} fresh @returns {boolean} whether there was such a place */
export function put(fresh) {
  const old = fresh?.id ? document.getElementById(fresh.id) : null;
  if (!fresh || !old) return false;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const back = focused && focused !== document.body ? trace(focused) : null;
  const ticked = [...old.querySelectorAll("input[type=checkbox]:checked")].map(trace);
  const open = [...old.querySelectorAll("details[open][id]")].map(trace);
  const place = document.adoptNode(fresh);
  old.replaceWith(place);
  for (const path of ticked) {
    const box = path && place.querySelector(path);
    if (box instanceof HTMLInputElement) box.checked = true;
  }
  for (const path of open) {
    const details = path && place.querySelector(path);
    if (details instanceof HTMLDetailsElement) details.open = true;
  }
  if (focused) {
    const next = (back && (place.matches(back) ? place : place.querySelector(back))) || place.querySelector("[data-focus]");
    focus(next ?? place);
  }
  return true;
}

/** @param {Element} element */
function focus(element) {
  if (!(element instanceof HTMLElement)) return;
  element.focus({ preventScroll: true });
  if (document.activeElement !== element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}

/** Shows the parts of an answered page. @param {Response} response @param {string[]} ids which parts */
export async function show(response, ids) {
  const page = parse(await response.text());
  const parts = ids.map((id) => page.getElementById(id));
  if (parts.some((part) => part === null) || !parts.every((part) => put(part))) {
    // Another page than expected, such as the one to sign in: go there for good.
    location.assign(response.url);
    return;
  }
  document.title = page.title;
  if (response.redirected && response.ok) history.replaceState(null, "", response.url);
  const said = document.getElementById("said");
  const message = page.querySelector("[role=alert], .done");
  if (said) said.textContent = message ? message.textContent : "";
  if (document.activeElement === document.body) {
    const first = document.querySelector("[data-focus]");
    if (first) focus(first);
  }
  document.dispatchEvent(new CustomEvent("swapped", { detail: ids }));
}

/** Sends a form and shows the parts it names in `data-swap`. @param {HTMLFormElement} form @param {HTMLElement | null} button */
export async function send(form, button) {
  if (form.dataset.busy) return; // one press, one request
  form.dataset.busy = "1";
  const pressed = button instanceof HTMLButtonElement ? button : null;
  const data = typed(form, pressed);
  const action = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
  try {
    const get = form.method === "get";
    const url = get ? `${action.split("?")[0]}?${data}` : action;
    const response = await fetch(url, { method: get ? "GET" : "POST", body: get ? null : data });
    // The session is over: the page is covered, and the form stays as it was typed.
    if (response.status === 401) return void document.dispatchEvent(new CustomEvent("locked"));
    if (get) history.replaceState(null, "", url);
    await show(response, (form.dataset.swap ?? "").split(" "));
  } catch {
    form.submit(); // the same form and the same key once more, the plain way
  } finally {
    delete form.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !form.dataset.swap) return;
  event.preventDefault();
  send(form, event.submitter);
});
