/** Numbers as they stand in a formula. */

const DECIMALS = 4;
const SMALLEST = 10 ** -DECIMALS / 2;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Four decimals: "0.8453". What would be lost in them has a power of ten: "1.2×10⁻⁷".
 *
 * @param {number} number 0 or more
 */
export function numeral(number) {
  return number === 0 || number >= SMALLEST ? number.toFixed(DECIMALS) : powered(number, 1);
}

/**
 * Four digits that count: "0.8453", "4.967×10⁻⁶". A logarithm makes a difference of each.
 *
 * @param {number} number 0 or more
 */
export function precise(number) {
  return number === 0 || number >= 0.001 ? number.toPrecision(DECIMALS) : powered(number, DECIMALS - 1);
}

function powered(number, decimals) {
  const [digits, power] = number.toExponential(decimals).split("e-");
  return `${digits}×10⁻${[...power].map((digit) => RAISED[digit]).join("")}`;
}

/**
 * Four decimals whatever is lost: for what is added to larger numbers.
 *
 * @param {number} number
 */
export function fixed(number) {
  return number.toFixed(DECIMALS);
}
