/** Shows an answer: the digit, how sure the network is in words, a bar for each digit, and what it saw. */

import { mountAnnouncer } from "../page/announcer.js";
import { all } from "../page/elements.js";
import { seenWords } from "../page/ink-place.js";
import { part } from "../page/part.js";
import { paintPixels } from "../page/pixels.js";
import { confidenceIn, DIGITS } from "./confidence.js";
import { mountProbabilityBars } from "./probability-bars.js";

const INVITATION = "The network answers while you draw.";
const UNREACHABLE = "The server can't be reached. Your drawing is safe, and the page keeps trying.";
// Longer than a pause between strokes.
const ANNOUNCE_AFTER = 700;

/**
 * @param {HTMLElement} section
 * @param {HTMLElement | null} announcement an aria-live region; null where answers change by themselves
 * @param {string[]} [names] of the ten classes, where these are not the digits
 */
export function mountAnswerView(section, announcement, names = DIGITS) {
  const [digit, sentence, note, problem] = ["digit", "sentence", "note", "problem"].map((name) => part(section, name));
  const seen = part(section, "seen", HTMLCanvasElement);
  const showBars = mountProbabilityBars(all(section, "[data-digit]"));
  /** From this confidence on the network counts as sure; below it, the answer is a question. */
  const sureFrom = Number(section.dataset.sureFrom);
  const announce = announcement ? mountAnnouncer(announcement, ANNOUNCE_AFTER) : () => {};

  function show(
    state,
    { answer = null, lead = answer ? names[answer.digit] : "", text = "", more = "", trouble = "" },
  ) {
    section.dataset.state = state;
    digit.textContent = lead;
    digit.style.setProperty("--characters", String(lead.length));
    sentence.textContent = text;
    note.textContent = more;
    problem.textContent = trouble;
    problem.hidden = trouble === "";
    showBars(answer);
    if (answer) {
      paintPixels(seen, answer.input, 1);
      seen.setAttribute("aria-label", seenWords(answer.input));
    }
    const spoken = [lead, text, more]
      .filter(Boolean)
      .join(". ")
      .replace(/([.?])\. /g, "$1 ");
    announce(trouble || (answer ? spoken : ""));
  }

  return {
    blank: () => show("blank", { text: INVITATION }),
    refused: (detail) => show("refused", { trouble: detail }),
    unreachable: () => show("unreachable", { trouble: UNREACHABLE }),
    /**
     * @param {any} answer
     * @param {string} [more] a sentence below
     */
    answered(answer, more) {
      const text = confidenceIn(answer, sureFrom, names);
      show(answer.confidence >= sureFrom ? "sure" : "unsure", { answer, text, more });
    },
    /**
     * Leads with a number in place of the answer to it as one digit, which the bars keep showing.
     *
     * @param {string} number
     * @param {string} text
     * @param {string} more a sentence below
     * @param {{digit: number, probabilities: number[], input: number[]}} answer
     */
    leadWith: (number, text, more, answer) => show("unsure", { answer, lead: number, text, more }),
  };
}
