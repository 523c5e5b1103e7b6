/**
 * Sets a text only if it changed: a live region speaks whenever its text is set, and it saves a layout.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
