/** Copies of the page's <template> elements, with texts put where their `data-part` says. */

import { one } from "./elements.js";
import { part } from "./part.js";

/**
 * @param {string} id
 * @param {Record<string, string>} texts
 */
export function copyOf(id, texts) {
  const template = one(document, `#${id}`, HTMLTemplateElement);
  const element = /** @type {HTMLElement} */ (one(template.content, "*").cloneNode(true));
  for (const [name, text] of Object.entries(texts)) part(element, name).textContent = text;
  return {
    element,
    /** @param {string} name */
    part: (name) => part(element, name),
  };
}
