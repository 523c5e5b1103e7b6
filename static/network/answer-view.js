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
// What else the digit may be is named from this probability on, and no more of it, since the bars show all.
const NAMED_FROM = 0.05;
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

  function show(state, { answer = null, lead = answer ? names[answer.digit] : "", text = "", trouble = "" }) {
    section.dataset.state = state;
    digit.textContent = lead;
    digit.style.setProperty("--characters", String(lead.length));
    sentence.textContent = text;
    problem.textContent = trouble;
    problem.hidden = trouble === "";
    showBars(answer);
    if (answer) paintPixels(seen, answer.input, 1);
    announce(trouble || (answer ? `${lead}. ${text}` : ""));
  }

  return {
    blank: () => show("blank", { text: INVITATION }),
    refused: (detail) => show("refused", { trouble: detail }),
    unreachable: () => show("unreachable", { trouble: UNREACHABLE }),
    answered(answer) {
      show(answer.confidence >= sureFrom ? "sure" : "unsure", { answer, text: confidenceIn(answer, sureFrom, names) });
    },
    /**
     * Leads with a number in place of the answer to it as one digit, which the bars keep showing.
     *
     * @param {string} number
     * @param {string} text
     * @param {{digit: number, probabilities: number[], input: number[]}} answer
     */
    leadWith: (number, text, answer) => show("unsure", { answer, lead: number, text }),
  };
}

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
