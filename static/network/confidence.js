/** How sure an answer is, in words. */

import { percent } from "../page/numbers.js";

export const DIGITS = [..."0123456789"];
// What else the digit may be is named from this probability on, and no more of it, since the bars show all.
const NAMED_FROM = 0.05;
const MOST_NAMED = 2;

/**
 * @param {{digit: number, confidence: number, probabilities: number[]}} answer
 * @param {number} sureFrom
 * @param {string[]} [names] of the ten classes
 * @returns {string} how sure it is, and what else it may be
 */
export function confidenceIn({ digit, confidence, probabilities }, sureFrom, names = DIGITS) {
  const others = probabilities
    .map((share, other) => ({ share, name: names[other], other }))
    .filter(({ share, other }) => other !== digit && share >= NAMED_FROM)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_NAMED)
    .map(({ share, name }) => `${name} (${percent(share)})`);
  const perhaps = others.length > 0 ? `, or perhaps ${others.join(" or ")}` : "";
  if (confidence < sureFrom) return `Not sure: ${names[digit]} (${percent(confidence)})${perhaps}?`;
  return `${percent(confidence).replace(">", "More than ")} sure${perhaps}`;
}
