/** Shows an answer: the digit, how sure the network is in words, a bar for each digit, and what it saw. */

import { mountAnnouncer } from "../page/announcer.js";
import { all } from "../page/elements.js";
import { percent } from "../page/format.js";
import { part } from "../page/part.js";
import { paintPixels } from "../page/pixels.js";
import { mountProbabilityBars } from "./probability-bars.js";

const DIGITS = [..."0123456789"];
const INVITATION = "The network answers while you draw.";
const UNREACHABLE = "The server can't be reached. Your drawing is safe, and the page keeps trying.";
// Longer than a pause between strokes.
const ANNOUNCE_AFTER = 700;
// More would not be read; the bars show all.
const MOST_NAMED = 2;

/**
 * @param {HTMLElement} section
 * @param {HTMLElement | null} announcement an aria-live region; null where answers change by themselves
 * @param {string[]} [names] of the ten classes, where these are not the digits
 */
export function mountAnswerView(section, announcement, names = DIGITS) {
  const [digit, sentence, problem] = ["digit", "sentence", "problem"].map((name) => part(section, name));
  const seen = part(section, "seen", HTMLCanvasElement);
  const showBars = mountProbabilityBars(all(section, "[data-digit]"));
  /** From this confidence on the network counts as sure; below it, the answer is a question. */
  const sureFrom = Number(section.dataset.sureFrom);
  const announce = announcement ? mountAnnouncer(announcement, ANNOUNCE_AFTER) : () => {};

  function show(state, { answer = null, text = "", trouble = "" }) {
    section.dataset.state = state;
    digit.textContent = answer ? names[answer.digit] : "";
    sentence.textContent = text;
    problem.textContent = trouble;
    problem.hidden = trouble === "";
    showBars(answer);
    if (answer) paintPixels(seen, answer.input, 1);
    announce(trouble || (answer ? `${names[answer.digit]}. ${text}` : ""));
  }

  return {
    blank: () => show("blank", { text: INVITATION }),
    refused: (detail) => show("refused", { trouble: detail }),
    unreachable: () => show("unreachable", { trouble: UNREACHABLE }),
    answered(answer) {
      show(answer.confidence >= sureFrom ? "sure" : "unsure", { answer, text: confidenceIn(answer, sureFrom, names) });
    },
  };
}

/**
 * @param {{digit: number, confidence: number, probabilities: number[], alternatives: number[]}} answer
 * @param {number} sureFrom
 * @param {string[]} [names] of the ten classes
 * @returns {string} how sure it is, with the most likely of the other digits that it may be
 */
export function confidenceIn(answer, sureFrom, names = DIGITS) {
  const others = alternatives(answer, names);
  if (answer.confidence < sureFrom)
    return `Not sure: ${names[answer.digit]} (${percent(answer.confidence)}), or perhaps ${others}?`;
  return `${percent(answer.confidence).replace(">", "More than ")} sure${others && `, or perhaps ${others}`}`;
}

/**
 * The most likely alternatives, with their probabilities; "" where there are none.
 *
 * @param {{probabilities: number[], alternatives: number[]}} answer
 * @param {string[]} names
 */
function alternatives({ probabilities, alternatives }, names) {
  return alternatives
    .slice(1, 1 + MOST_NAMED)
    .map((digit) => `${names[digit]} (${percent(probabilities[digit])})`)
    .join(" or ");
}
