/**
 * Replaces the rows of a table; a link or a box that has the focus keeps it.
 *
 * @param {HTMLTableSectionElement} body
 * @param {HTMLElement[]} rows
 */
export function replaceRows(body, rows) {
  const focused = document.activeElement;
  const before = body.contains(focused) ? hrefOf(focused?.closest("tr")) : null;
  const kind = focused instanceof HTMLInputElement ? "input" : "a";
  body.replaceChildren(...rows);
  /** @type {HTMLElement | null | undefined} */
  const same = before ? rows.find((row) => hrefOf(row) === before)?.querySelector(kind) : null;
  same?.focus();
}

/** @param {Element | null | undefined} row */
function hrefOf(row) {
  return row?.querySelector("a")?.getAttribute("href") ?? null;
}
