/** The test of the lessons in a room: opens and closes it, and shows the class's gain once it is closed. */

import { Problem, request, sentenceOf } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { countsWords, gainWords } from "./quiz-words.js";

/**
 * @import {Quiz} from "../../page/room-stream.js"
 * @import {QuizResult} from "./quiz-words.js"
 */

/**
 * @param {HTMLElement} section
 * @param {string} code of the room
 * @param {(method: string, path: string, body?: object) => Promise<boolean>} send
 */
export function mountQuizPart(section, code, send) {
  const buttons = all(section, "[data-round]");
  const close = one(section, '[data-round=""]');
  const rounds = buttons.filter((button) => button !== close);
  let asked = 0;
  for (const button of buttons) {
    button.addEventListener("click", () => send("PATCH", "/test", { open: button.dataset.round || null }));
  }

  /** @param {QuizResult | null} result @param {string} words */
  function showResult(result, words) {
    setText(part(section, "gain"), words);
    part(section, "result").hidden = result === null;
    all(section, "tbody tr").forEach((row, i) => {
      const { before, after } = result?.questions[i] ?? { before: 0, after: 0 };
      setText(part(row, "before"), String(before));
      setText(part(row, "after"), String(after));
    });
  }

  async function readResult() {
    const number = ++asked;
    /** @type {[QuizResult | null, string]} */
    let shown;
    try {
      const result = await request(`admin/rooms/${code}/test`);
      shown = [result, gainWords(result)];
    } catch (error) {
      const isTooEarly = error instanceof Problem && error.status === 409;
      shown = [null, isTooEarly ? error.detail : sentenceOf(error)];
    }
    if (number === asked) showResult(...shown);
  }

  return {
    /** @param {Quiz} quiz as the stream tells it */
    show(quiz) {
      for (const button of rounds) button.ariaPressed = String(button.dataset.round === quiz.open);
      if (quiz.open === null && close === document.activeElement) rounds[0].focus(); // a hidden one loses the focus
      close.hidden = quiz.open === null;
      setText(part(section, "counts"), countsWords(quiz));
      if (quiz.open === null && quiz.both > 0) return readResult();
      asked++;
      showResult(null, "");
    },
  };
}
