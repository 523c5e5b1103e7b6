/**
 * Sets a text only where it changed: a live region speaks whenever its text is set, and layout is spared.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
