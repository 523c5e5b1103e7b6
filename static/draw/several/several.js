/** "You drew 4 and 2?": a number in place of the answer to the drawing as one digit, and the answer to each digit. */

import { confidenceIn } from "../../network/confidence.js";
import { percent } from "../../page/format.js";
import { seenWords } from "../../page/ink-place.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { NO_DIGIT } from "../answer-note.js";
import { maybeSeveral, question } from "./several-words.js";

/**
 * @param {HTMLElement} container
 * @param {(picture: Blob, signal: AbortSignal) => Promise<any>} ask for all digits of a picture, with explain=true
 * @param {(number: string, text: string, more: string, answer: any) => void} lead shows a number in place of an answer
 */
export function mountSeveral(container, ask, lead) {
  const number = part(container, "number", HTMLDetailsElement);
  const list = part(container, "digits");
  const template = part(container, "digit", HTMLTemplateElement);
  const sureFrom = Number(container.dataset.sureFrom);
  let flight = new AbortController();

  function hide() {
    flight.abort();
    number.hidden = true;
  }

  function show(found, answer, isOwn) {
    // A sure answer to a picture stands: around a digit in one there may be more than digits.
    if (isOwn || answer.confidence < sureFrom) {
      const confidence = percent(answer.confidence).replace(">", "more than ");
      lead(found.number, `As one digit: ${answer.digit} (${confidence}).`, NO_DIGIT, answer);
    }
    part(container, "question").textContent = question(found.number);
    list.replaceChildren(...found.digits.map(item));
    number.hidden = false;
  }

  function item(answer) {
    const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const seen = part(made, "seen", HTMLCanvasElement);
    paintPixels(seen, answer.input, 1);
    seen.setAttribute("aria-label", seenWords(answer.input));
    part(made, "answer").textContent = answer.digit;
    part(made, "confidence").textContent = confidenceIn(answer, sureFrom);
    return made;
  }

  return {
    hide,
    /**
     * @param {{digit: number, confidence: number}} answer to the drawing as one digit
     * @param {import("../../sheet/drawing.js").Drawing} drawing
     * @param {Blob} picture of the drawing
     */
    async answered(answer, drawing, picture) {
      hide();
      if (!maybeSeveral(answer, drawing, sureFrom)) return;
      flight = new AbortController();
      const { signal } = flight;
      try {
        const found = await ask(picture, signal);
        if (!signal.aborted && found.digits.length > 1) show(found, answer, drawing.picture === null);
      } catch {
        // The answer to the drawing as one digit stands, and says what is wrong.
      }
    },
  };
}
