/** Sentences in live regions, which a screen reader speaks whenever one is set, also to what it was. */

import { sentenceOf, Unreachable } from "./api.js";

/**
 * @param {HTMLElement} element
 * @param {string} sentence
 */
export function say(element, sentence) {
  if (element.textContent !== sentence) element.textContent = sentence;
}

/**
 * @param {HTMLElement} element hidden where there is no problem
 * @param {string} sentence or ""
 * @param {HTMLElement} [words] which a problem takes the place of
 */
export function sayProblem(element, sentence, words) {
  say(element, sentence);
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
