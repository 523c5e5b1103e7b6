/** Numbers as people read them. */

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

/** @param {number} number */
export function whole(number) {
  return WHOLE.format(number);
}

/**
 * Four significant digits: 0.1234, 12.34, 1.2e-7.
 *
 * @param {number | null} number
 */
export function short(number) {
  if (number === null) return "–";
  if (number !== 0 && (Math.abs(number) < 1e-4 || Math.abs(number) >= 1e6)) return number.toExponential(1);
  return SHORT.format(number);
}

/**
 * A probability in whole percent, never rounded to 0% or 100%.
 *
 * @param {number} share in 0..1, or not finite
 */
export function percent(share) {
  if (!Number.isFinite(share)) return "–";
  if (share > 0.99) return ">99%";
  if (share < 0.01 && share > 0) return "<1%";
  return `${Math.round(share * 100)}%`;
}

/**
 * An accuracy to a hundredth of a percent: one of 10,000 test images. All of them are 100%, and no fewer.
 *
 * @param {number | null} share in 0..1
 */
export function accuracy(share) {
  if (share === null) return "–";
  return share === 1 ? "100%" : `${Math.min(99.99, share * 100).toFixed(2)}%`;
}
