/** "You drew 4 and 2?": the answers to the digits of a number, below the answer to the drawing as one digit. */

import { confidenceIn } from "../../network/answer-view.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { setText } from "../../page/text.js";
import { maybeSeveral, question } from "./several-words.js";

// After the announcement of the answer.
const ANNOUNCE_AFTER = 1_000;

/**
 * @param {HTMLElement} container
 * @param {(picture: Blob, signal: AbortSignal) => Promise<any>} ask for all digits of a picture, with explain=true
 */
export function mountSeveral(container, ask) {
  const number = part(container, "number", HTMLDetailsElement);
  const list = part(container, "digits");
  const template = part(container, "digit", HTMLTemplateElement);
  const announce = mountAnnouncer(part(container, "status"), ANNOUNCE_AFTER);
  const sureFrom = Number(container.dataset.sureFrom);
  let flight = new AbortController();

  function hide() {
    flight.abort();
    number.hidden = true;
    announce("");
  }

  function show(found) {
    const asked = question(found.number);
    setText(part(container, "question"), asked);
    list.replaceChildren(...found.digits.map(item));
    number.hidden = false;
    announce(asked);
  }

  function item(answer) {
    const made = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    paintPixels(part(made, "seen", HTMLCanvasElement), answer.input, 1);
    part(made, "answer").textContent = answer.digit;
    part(made, "confidence").textContent = confidenceIn(answer, sureFrom);
    return made;
  }

  return {
    hide,
    /**
     * @param {{confidence: number}} answer to the drawing as one digit
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
        if (!signal.aborted && found.digits.length > 1) show(found);
      } catch {
        // The answer to the drawing as one digit stands, and says what is wrong.
      }
    },
  };
}
