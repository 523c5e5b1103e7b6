/**
 * Checks a typed number by the server's own limits.
 *
 * @typedef {{min: number | null, max: number | null, whole: boolean, optional: boolean}} Limit
 */

import { typedNumber } from "../../page/typed-number.js";

// 0.000001, and not 1e-6.
const WRITTEN = new Intl.NumberFormat("en", { maximumFractionDigits: 20 });

/**
 * @param {string} text
 * @param {Limit} limit
 * @returns {string} what to change, "" when nothing is wrong
 */
export function wrongWith(text, { min, max, whole, optional }) {
  if (text.trim() === "" && optional) return "";
  const number = typedNumber(text, whole);
  if (Number.isNaN(number)) return "Type a number.";
  if (whole && !Number.isInteger(number)) return "Type a whole number.";
  if (min !== null && number < min) return `At least ${WRITTEN.format(min)}.`;
  if (max !== null && number > max) return `At most ${WRITTEN.format(max)}.`;
  return "";
}
