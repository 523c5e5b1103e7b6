/** Numbers and times as people read them. */

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
 * With a real minus sign, which is as wide as a plus.
 *
 * @param {string} text of a number
 */
export function withMinus(text) {
  return text.replaceAll("-", "−");
}

/** @param {string} text not empty */
export function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/**
 * A probability in whole percent, never rounded to 0% or 100%.
 *
 * @param {number} share in 0..1
 */
export function percent(share) {
  if (share > 0.99) return ">99%";
  if (share < 0.01 && share > 0) return "<1%";
  return `${Math.round(share * 100)}%`;
}

/**
 * An accuracy to a hundredth of a percent: one of 10,000 test images.
 *
 * @param {number | null} share in 0..1
 */
export function accuracy(share) {
  return share === null ? "–" : `${(share * 100).toFixed(2)}%`;
}

/**
 * A duration in one or two units: 8 s, 3 min 20 s, 1 h 05 min.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const s = Math.round(seconds);
  if (s < 1) return "under 1 s";
  if (s < 60) return `${s} s`;
  if (s < 600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/**
 * A time relative to now: "just now", "5 min ago", "24 Nov, 06:40".
 *
 * @param {string} iso
 * @param {number} [now] in milliseconds
 */
export function when(iso, now = Date.now()) {
  const then = new Date(iso);
  const minutes = Math.floor((now - then.getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return then.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

/**
 * The start of a version, like the short name of a commit.
 *
 * @param {string} version
 */
export function shortVersion(version) {
  return version.length > 12 ? version.slice(0, 10) : version;
}
