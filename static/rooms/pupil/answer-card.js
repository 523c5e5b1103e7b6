/** The answer to the pupil's last drawing, or that it is on its way. Its size stays, so that nothing below moves. */

import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { pictureOf } from "../tile.js";
import { howSure, verdict } from "./pupil-words.js";

/**
 * @param {HTMLElement} section
 * @param {number} sureFrom
 */
export function mountAnswerCard(section, sureFrom) {
  const tile = part(section, "tile");

  /** @param {string} state @param {string} digit @param {string} sentence @param {string} note */
  function show(state, digit, sentence, note) {
    section.dataset.state = state;
    setText(part(section, "digit"), digit);
    setText(part(section, "sentence"), sentence);
    setText(part(section, "note"), note);
  }

  return {
    /** @param {string} sentence without a drawing */
    say: (sentence) => show("blank", "", sentence, ""),
    /** @param {number[][][]} strokes @param {string} sentence */
    pending(strokes, sentence) {
      tile.replaceChildren(pictureOf(strokes));
      show("pending", "", sentence, "");
    },
    /** @param {number[][][]} strokes @param {string} detail */
    refused(strokes, detail) {
      tile.replaceChildren(pictureOf(strokes));
      show("pending", "", detail, "This drawing was not added.");
    },
    /**
     * @param {{digit: number, confidence: number, label: number | null, status: string, strokes: number[][][]}} drawing
     * @returns {string} for a screen reader
     */
    answered(drawing) {
      const sentence = howSure(drawing, sureFrom);
      tile.replaceChildren(pictureOf(drawing.strokes));
      show(drawing.confidence >= sureFrom ? "sure" : "unsure", String(drawing.digit), sentence, verdict(drawing));
      return `${verdict(drawing)} ${sentence}.`.replace("?.", "?");
    },
  };
}
