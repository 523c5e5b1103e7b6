/** Numbers in a formula that app/web/shared/formula.py wrote. */

/**
 * @param {Element} formula or what is around it
 * @param {Record<string, number>} numbers by their name in the formula
 * @param {(number: number, name: string) => string} format
 */
export function fillFormula(formula, numbers, format) {
  for (const place of formula.querySelectorAll("[data-value]")) {
    const { value, times = "1", bracketed } = /** @type {HTMLElement} */ (place).dataset;
    const number = Number(times) * numbers[value];
    const text = format(number, value);
    place.textContent = bracketed !== undefined && number < 0 ? `(${text})` : text;
  }
}
