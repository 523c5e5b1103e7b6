/** Numbers as a formula shows them. */

const DECIMALS = 4;
const MIN_FIXED = 10 ** -DECIMALS / 2;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Four decimals: "0.8453". Smaller numbers get a power of ten: "1.2×10⁻⁷".
 *
 * @param {number} number 0 or more
 */
export function numeral(number) {
  return number === 0 || number >= MIN_FIXED ? number.toFixed(DECIMALS) : powered(number, 1);
}

/**
 * Four significant digits: "0.8453", "4.967×10⁻⁶". For the argument of a logarithm, where each digit matters.
 *
 * @param {number} number 0 or more
 */
export function precise(number) {
  return number === 0 || number >= 0.001 ? number.toPrecision(DECIMALS) : powered(number, DECIMALS - 1);
}

/**
 * @param {number} number
 * @param {number} decimals
 */
function powered(number, decimals) {
  const [digits, power] = number.toExponential(decimals).split("e-");
  return `${digits}×10⁻${[...power].map((digit) => SUPERSCRIPTS[digit]).join("")}`;
}

/**
 * Always four decimals, for the terms of a sum.
 *
 * @param {number} number
 */
export function fixed(number) {
  return number.toFixed(DECIMALS);
}
