/**
 * A class's test in words.
 *
 * @import {Quiz} from "../../page/room-stream.js"
 * @typedef {{pupils: number, questions: {topic: string, before: number, after: number}[], mean: number | null,
 *   margin: number | null, enough: number}} QuizResult `mean` and `margin` are null for fewer than `enough` pupils
 */

/** @param {Quiz} quiz */
export function countsWords({ open, before, after, both }) {
  const state = open === null ? "It is closed." : `The test ${open} the lessons is open.`;
  if (before + after === 0) return `${state} Nobody has taken it yet.`;
  return `${state} Finished before: ${before}. Finished after: ${after}. Both: ${both}.`;
}

/** @param {QuizResult} result */
export function gainWords({ pupils, questions, mean, margin, enough }) {
  if (mean === null || margin === null) {
    return `${pupils} pupils: too few to tell whether the class has gained. With ${enough} or more, the gain is told.`;
  }
  const gained = `${pupils} pupils took both. The average change is ${signed(mean)} right answers of ${questions.length}`;
  const interval = `95% interval: ${signed(mean - margin)} to ${signed(mean + margin)}`;
  const doubt = mean - margin <= 0 && mean + margin >= 0 ? " That may be chance." : "";
  return `${gained} (${interval}).${doubt}`;
}

/** @param {number} value */
function signed(value) {
  const size = Math.abs(value).toFixed(1);
  return `${value < 0 && size !== "0.0" ? "−" : "+"}${size}`;
}
