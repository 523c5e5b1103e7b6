/** What the page adds to an answer that may be wrong. */

import { aDigit } from "../page/format.js";

export const NO_DIGIT = "This may not be a single digit from 0 to 9.";
// The network has learned from pictures that are no digits, too: for those no digit is as likely as this.
const DIGIT_FROM = 0.5;

/**
 * @param {{digit: number, confidence: number}} answer
 * @param {number | null} label the digit that the picture is known to be
 * @returns {string} a sentence, or "" where there is nothing to add
 */
export function noteOn({ digit, confidence }, label) {
  if (label !== null) return label === digit ? "" : `Wrong: this test image is ${aDigit(label)}.`;
  return confidence < DIGIT_FROM ? NO_DIGIT : "";
}
