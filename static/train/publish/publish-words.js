/**
 * What publishing changes, in words.
 *
 * @typedef {{digit: number, confidence: number}} Answer
 * @typedef {{label: number, style: string, before: Answer, after: Answer, pixels: number[]}} Turned a drawing
 * @typedef {{accuracy: number, by_digit: (number | null)[]}} Score
 * @typedef {{images: number, before: Score, after: Score, to_wrong: number, to_right: number}} Change
 */

import { percent, whole } from "../../page/format.js";

// Once in fifty times, as the server's warnings have it; of the thirty drawings of a digit, more than one.
const CLEARLY = { test: 0.02, drawings: 0.05 };

/**
 * A difference of two shares in percentage points, with its sign: "+1.23", "−0.40", "0.00".
 *
 * @param {number} before in 0..1
 * @param {number} after
 */
export function points(before, after) {
  const text = Math.abs(100 * (after - before)).toFixed(2);
  if (Number(text) === 0) return text;
  return `${after > before ? "+" : "−"}${text}`;
}

/**
 * Whether a digit is read worse by so much that a person would notice.
 *
 * @param {number | null} before in 0..1
 * @param {number | null} after
 * @param {"test" | "drawings"} images
 */
export function isClearlyWorse(before, after, images) {
  return before !== null && after !== null && before - after >= CLEARLY[images];
}

/**
 * @param {Change} change
 * @param {string} name what they are, such as "test images"
 */
export function turnedLine({ images, to_wrong, to_right }, name) {
  if (to_wrong + to_right === 0) return `All ${whole(images)} ${name} stay as right or wrong as they are.`;
  return `Of the ${whole(images)} ${name}, ${whole(to_wrong)} turn wrong and ${whole(to_right)} turn right.`;
}

/**
 * @param {number} count of drawings
 * @param {"wrong" | "right"} what they turn
 */
export function turnedTitle(count, what) {
  const from = what === "wrong" ? "right" : "wrong";
  if (count === 0) return `No drawing turns from ${from} to ${what}`;
  return count === 1 ? `1 drawing turns from ${from} to ${what}` : `${count} drawings turn from ${from} to ${what}`;
}

/** @param {Turned} turned one that the new network takes for something else, or that the old one does */
export function turnedCaption({ label, style, before, after }) {
  const wrong = after.digit === label ? before : after;
  const was = wrong === before ? "was taken" : "taken";
  return `${label}, ${style}: ${was} for ${wrong.digit}, ${percent(wrong.confidence)}`;
}

/**
 * Who published, and why, as a sentence goes on after it: ` by Ada: “better fours”`.
 *
 * @param {{who?: string, why?: string}} words
 */
export function byWhom({ who = "", why = "" }) {
  return `${who && ` by ${who}`}${why && `: “${why}”`}`;
}
