/** The sheet of a room: a drawing is sent with what it is meant to be. */

import { all, one } from "../../page/elements.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { BLANK, isBlank } from "../../sheet/drawing.js";
import { mountDrawingPad } from "../../sheet/drawing-pad.js";
import { mountKeyboardPen } from "../../sheet/keyboard-pen.js";
import { mountPointerPen } from "../../sheet/pointer-pen.js";
import { mountSheetTools } from "../../sheet/sheet-tools.js";
import { fromPoints, toPointsWithin } from "../../sheet/stroke-points.js";
import { tooManyStrokes } from "./pupil-words.js";

/**
 * @param {HTMLElement} section
 * @param {object} options
 * @param {import("../../sheet/stroke-points.js").Limits} options.limits
 * @param {{read: () => any, write: (value: unknown) => void}} options.kept the drawing in progress
 * @param {(text: string) => void} options.say
 * @param {(strokes: number[][][], label: number | null) => void} options.onSend
 */
export function mountBoard(section, { limits, kept, say, onSend }) {
  const canvas = one(section, "canvas", HTMLCanvasElement);
  const sheet = part(section, "sheet");
  const send = part(section, "send");
  const problem = part(section, "problem");
  const choice = part(section, "choice");
  const choices = all(choice, "button");
  /** @type {number | null | undefined} the digit that is asked for, null for any, undefined before a question */
  let asked;

  const pad = mountDrawingPad(canvas, (settled) => {
    showTools();
    sayProblem(problem, "");
    if (settled) keep();
  });
  const tools = mountSheetTools(part(section, "tools"), section, pad, say);
  mountPointerPen(canvas, pad);
  mountKeyboardPen(canvas, pad, say);

  function showTools() {
    sheet.classList.toggle("is-blank", isBlank(pad.drawing));
    send.ariaDisabled = String(isBlank(pad.drawing));
    tools.show();
  }

  function keep() {
    const strokes = toPointsWithin(pad.drawing.strokes, limits);
    kept.write(strokes && strokes.length > 0 ? { strokes, asked } : null);
  }

  send.addEventListener("click", () => {
    pad.end();
    if (isBlank(pad.drawing) || asked === undefined) return;
    const strokes = toPointsWithin(pad.drawing.strokes, limits);
    if (!strokes) return sayProblem(problem, tooManyStrokes(limits.strokes));
    const label = asked ?? chosen();
    choose(null);
    pad.reset(); // undone, it would be taken for the next digit
    onSend(strokes, label);
  });

  /** @returns {number | null} what the pupil says that it is */
  function chosen() {
    const label = choices.find(({ ariaPressed }) => ariaPressed === "true")?.dataset.label;
    return choice.hidden || !label ? null : Number(label);
  }

  /** @param {HTMLElement | null} button */
  function choose(button) {
    for (const one of choices) one.ariaPressed = String(one === button && one.ariaPressed !== "true");
  }

  for (const button of choices) button.addEventListener("click", () => choose(button));
  showTools();

  return {
    get isBlank() {
      return isBlank(pad.drawing);
    },
    /** Ends the stroke under way, which stays. */
    lift: () => pad.end(),
    /**
     * Asks for a digit, or any, and clears what was drawn for another one.
     *
     * @param {number | null} digit
     */
    ask(digit) {
      choice.hidden = digit !== null;
      if (digit === asked) return;
      const isFirst = asked === undefined;
      asked = digit;
      if (!isFirst) return pad.reset();
      const before = kept.read();
      if (Array.isArray(before?.strokes) && before.asked === digit)
        pad.show({ ...BLANK, strokes: fromPoints(before.strokes) });
    },
  };
}
