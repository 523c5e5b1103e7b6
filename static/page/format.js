/** Numbers and times as people read them. */

export { accuracy, percent, short, whole } from "./numbers.js";

/**
 * With a real minus sign, which is as wide as a plus.
 *
 * @param {string} text of a number
 */
export function withMinus(text) {
  return text.replaceAll("-", "−");
}

/** "an 8", "a 9". @param {number} digit */
export function aDigit(digit) {
  return `${digit === 8 ? "an" : "a"} ${digit}`;
}

/** @param {string} text not empty */
export function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
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
