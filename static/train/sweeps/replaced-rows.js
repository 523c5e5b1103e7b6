/**
 * Replaces the rows of a table; a link that has the focus keeps it.
 *
 * @param {HTMLTableSectionElement} body
 * @param {HTMLElement[]} rows
 */
export function replaceRows(body, rows) {
  const focused = document.activeElement;
  const href = body.contains(focused) ? focused?.getAttribute("href") : null;
  body.replaceChildren(...rows);
  /** @type {HTMLElement | null} */
  const same = href ? body.querySelector(`[href="${href}"]`) : null;
  same?.focus();
}
