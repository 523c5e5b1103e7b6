/** Numbers as people type them. Their fields are texts: a browser drops a comma from a number field, so 0,05 becomes 5. */

const PLAIN = /^[+-]?[\d.,]+(?:e[+-]?\d+)?$/i;
// 10,000 or 10.000 or 10 000: only a whole number has separators, all of one kind, and it is not 0.050.
const GROUPED = /^[+-]?[1-9]\d{0,2}([.,\s])\d{3}(?:\1\d{3})*$/;

/**
 * With a decimal point or a decimal comma.
 *
 * @param {string} text
 * @param {boolean} [isWhole] whether a whole number is wanted
 * @returns {number} NaN for what is no number
 */
export function typedNumber(text, isWhole = false) {
  const trimmed = text.trim();
  if (isWhole && GROUPED.test(trimmed)) return Number(trimmed.replace(/[.,\s]/g, ""));
  if (!PLAIN.test(trimmed)) return NaN;
  // Two commas, or a comma and a point, are no number.
  const number = Number(trimmed.includes(".") ? trimmed : trimmed.replace(",", "."));
  return Number.isFinite(number) ? number : NaN;
}

/**
 * The number in a field, NaN for one beyond the field's `min` and `max` too.
 *
 * @param {HTMLInputElement} field
 */
export function numberIn({ value, min, max }) {
  const number = typedNumber(value);
  const isWithin = (min === "" || number >= Number(min)) && (max === "" || number <= Number(max));
  return isWithin ? number : NaN;
}
