/** The words of the page of corrections. */

import { percent, whole } from "../../page/format.js";

/**
 * @typedef {object} Correction
 * @property {number} id counted from 1
 * @property {number} label
 * @property {number} digit
 * @property {number} confidence
 * @property {"ready" | "removed"} status
 * @property {string} drawn_at
 * @property {number[][][]} strokes
 */

/** @param {Correction} correction */
export function answerText({ digit, confidence }) {
  return `The network said ${digit} (${percent(confidence)}).`;
}

/** @param {number} count */
export function countText(count) {
  if (count === 0) return "Nothing is kept yet.";
  return count === 1 ? "One drawing." : `${whole(count)} drawings, newest first.`;
}
