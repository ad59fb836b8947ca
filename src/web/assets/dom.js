// The few words that most modules say.

/** @param {string} id @returns {any} the element, or null; who asks knows its kind */
export const byId = (id) => document.getElementById(id);

/** @param {string} selector @param {ParentNode} [within] @returns {any[]} */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** What an event is about: its target, or what is around it. @param {Event} event @param {string} selector @returns {any} */
export const around = ({ target }, selector) => (target instanceof Element ? target.closest(selector) : null);

/** A new element. @param {string} kind @param {object} has its properties @returns {any} */
export const make = (kind, has) => Object.assign(document.createElement(kind), has);

/** Tells all modules that the page changed. @param {string[]} ids the parts that were asked for; none came unasked */
export const swapped = (ids) => document.dispatchEvent(new CustomEvent("swapped", { detail: ids }));
