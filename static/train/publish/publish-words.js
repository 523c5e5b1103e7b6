/**
 * What publishing changes, in words.
 *
 * @typedef {{digit: number, confidence: number}} Answer
 * @typedef {{label: number, style: string, before: Answer, after: Answer, pixels: number[]}} Turned a drawing
 * @typedef {{accuracy: number, by_digit: (number | null)[]}} Score
 * @typedef {{images: number, before: Score, after: Score, to_wrong: number, to_right: number}} Change
 * @typedef {{compared_with: {name: string}, warnings: string[], test: Change, drawings: Change,
 *   corrections: Change | null, to_wrong: Turned[], to_right: Turned[]}} Changes
 */

import { percent, whole } from "../../page/format.js";

// Of the test images one in fifty, as in the server's warnings; of the thirty drawings of a digit, more than one.
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
 * Whether the accuracy on a digit falls so much that a person would notice.
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
  if (to_wrong + to_right === 0) return `Nothing changes for the ${whole(images)} ${name}.`;
  return `Of the ${whole(images)} ${name}, ${whole(to_wrong)} become wrong and ${whole(to_right)} become right.`;
}

/**
 * @param {number} count of drawings
 * @param {"wrong" | "right"} what they become
 */
export function turnedTitle(count, what) {
  if (count === 0) return `No drawing becomes ${what}`;
  return count === 1 ? `1 drawing becomes ${what}` : `${count} drawings become ${what}`;
}

/** @param {Turned} turned a drawing that only one of the two networks gets right */
export function turnedCaption({ label, style, before, after }) {
  const wrong = after.digit === label ? before : after;
  const was = wrong === before ? "was taken" : "taken";
  return `${label}, ${style}: ${was} for ${wrong.digit}, ${percent(wrong.confidence)}`;
}

/**
 * Who published a network, and why, as the end of a sentence: ` by Ada: “better fours”`.
 *
 * @param {{who?: string, why?: string}} words
 */
export function byWhom({ who = "", why = "" }) {
  return `${who && ` by ${who}`}${why && `: “${why}”`}`;
}
