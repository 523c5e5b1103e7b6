/** Problems as sentences in live regions. */

import { sentenceOf, Unreachable } from "./api.js";
import { setText } from "./text.js";

/**
 * @param {HTMLElement} element hidden where there is no problem
 * @param {string} sentence or ""
 * @param {HTMLElement} [words] hidden while there is a problem
 */
export function sayProblem(element, sentence, words) {
  setText(element, sentence);
  element.hidden = sentence === "";
  if (words) words.hidden = sentence !== "";
}

/**
 * @param {import("./asker.js").Outcome} outcome
 * @param {string} [unreachable] what to say where no answer came
 * @returns {string} the problem with a question, "" where there is none
 */
export function problemOf(outcome, unreachable = sentenceOf(new Unreachable())) {
  if (outcome.kind === "refused") return outcome.detail;
  return outcome.kind === "unreachable" ? unreachable : "";
}
