/** Sentences about the steps from a drawing to the network's input. */

import { percent } from "../../page/format.js";

const NAMES = {
  others: "picking out",
  crop: "cropping",
  scale: "scaling",
  centre: "centring",
  straighten: "straightening",
  size: "the one size",
};

/**
 * "Without cropping, scaling and centring".
 *
 * @param {string[]} without steps, at least one
 */
export function leftOut(without) {
  const names = without.map((step) => NAMES[step]);
  const last = names.pop();
  return `Without ${names.length > 0 ? `${names.join(", ")} and ${last}` : last}`;
}

/**
 * What leaving out some steps does to the answer.
 *
 * @param {{digit: number, confidence: number}} all the answer with all steps
 * @param {{digit: number, confidence: number}} chosen the answer without some
 * @param {string[]} without
 * @param {boolean} isSmall whether the drawing was moved into a corner
 */
export function verdict(all, chosen, without, isSmall) {
  if (without.length === 0) {
    return isSmall
      ? `Small and in a corner: with all steps the answer is ${answerOf(all)}.`
      : "All steps are on. Switch one off, and the two answers can differ.";
  }
  if (chosen.digit !== all.digit)
    return `${leftOut(without)} it answers ${answerOf(chosen)} instead of ${answerOf(all)}.`;
  const [before, after] = [all, chosen].map(({ confidence }) => percent(confidence));
  if (before === after)
    return `${leftOut(without)} it still answers ${answerOf(chosen)}: this drawing did not need it.`;
  return `${leftOut(without)} it still answers ${chosen.digit}, now ${after} sure instead of ${before}.`;
}

function answerOf({ digit, confidence }) {
  return `${digit} (${percent(confidence)})`;
}
