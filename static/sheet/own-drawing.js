/**
 * The small sheet of a lesson: the reader's digit or an example, with the network's answer. The address stores it:
 * `drawing=` has the strokes or the word "blank"; otherwise `example=` names the example. An address with neither
 * begins with the drawing of this tab, or else with the usual example.
 *
 * @typedef {object} Input
 * @property {number[]} input 784 numbers in 0..1
 * @property {number} digit
 * @property {number} confidence
 * @property {number[]} probabilities
 * @property {number[][]} activations of the layers after the input
 * @property {number | null} meant the digit that an example is, null for strokes
 */

import { mountAnnouncer } from "../page/announcer.js";
import { postPicture, sentenceOf, Unreachable } from "../page/api.js";
import { Asker } from "../page/asker.js";
import { all, one } from "../page/elements.js";
import { problemOf, sayProblem } from "../page/live-sentence.js";
import { part } from "../page/part.js";
import { whenReached } from "../page/reached.js";
import { isBlank } from "./drawing.js";
import { mountDrawingPad } from "./drawing-pad.js";
import { toBlob } from "./ink.js";
import { keepDrawing, keptStrokes } from "./kept-drawing.js";
import { mountKeyboardPen } from "./keyboard-pen.js";
import { readPicture } from "./picture.js";
import { fetchBlob } from "./picture-input.js";
import { mountPointerPen } from "./pointer-pen.js";
import { mountSheetTools } from "./sheet-tools.js";
import { decode, encode } from "./stroke-code.js";

const DEFAULTS = { example: null, drawing: "" };
const CHECKS = { example: (digit) => digit === null || (Number.isInteger(digit) && digit >= 0 && digit <= 9) };
const USUAL_EXAMPLE = 7;
// Five letters can't be a code of strokes.
const BLANK = "blank";

/**
 * @param {HTMLElement} section of the template own-drawing.html
 * @param {import("../page/address-state.js").AddressState} state
 * @param {(input: Input | null) => void} onInput called with each newest answer, and with null when there is none
 * @param {number} [usualExample]
 */
export function mountOwnDrawing(section, state, onInput, usualExample = USUAL_EXAMPLE) {
  const canvas = one(section, "canvas", HTMLCanvasElement);
  const sheet = canvas.parentElement;
  const problem = part(section, "problem");
  const examples = all(section, "[data-example]");
  const say = mountAnnouncer(part(section, "status"), 500);
  /** @type {WeakMap<import("./picture.js").Picture, number>} */
  const digits = new WeakMap();
  let latest = 0;
  /** @type {number | null} the example being fetched */
  let coming = null;

  state.add(DEFAULTS, CHECKS);
  const pad = mountDrawingPad(canvas, changed, { drawsOverPictures: false });
  const tools = mountSheetTools(part(section, "tools"), section, pad, say);

  const asker = new Asker(predict, (outcome) => {
    sayProblem(problem, problemOf(outcome));
    if (outcome.kind === "answered") onInput(outcome.answer);
    else if (outcome.kind === "refused") onInput(null);
  });

  async function predict(drawing, signal) {
    const picture = await toBlob(drawing);
    return {
      ...(await postPicture("predict?explain=true", picture, signal)),
      meant: digits.get(drawing.picture) ?? null,
    };
  }

  function changed(settled) {
    latest++; // ignores an example that is still being fetched
    coming = null;
    showTools();
    if (settled && !isShown()) {
      state.set(addressed(pad.drawing));
      if (!pad.drawing.picture) keepDrawing(pad.drawing);
    }
    if (isBlank(pad.drawing)) {
      asker.forget();
      sayProblem(problem, "");
      onInput(null);
    } else asker.ask(settled ? asAddressed() : pad.drawing, settled);
  }

  /** The drawing as the address stores it, so that a link shows the same numbers. */
  function asAddressed() {
    const strokes = decode(state.get().drawing);
    return strokes ? { ...pad.drawing, strokes } : pad.drawing;
  }

  function addressed({ picture, strokes }) {
    if (picture) return { example: digits.get(picture), drawing: "" };
    return { drawing: strokes.length > 0 ? encode(strokes) : BLANK };
  }

  function showTools() {
    sheet.classList.toggle("is-blank", isBlank(pad.drawing));
    tools.show();
    const digit = digits.get(pad.drawing.picture);
    for (const button of examples) button.ariaPressed = String(Number(button.dataset.example) === digit);
  }

  /** Shows the drawing of the address. */
  function follow() {
    const { example, drawing } = state.get();
    const strokes = drawing === BLANK ? [] : decode(drawing);
    if (drawing === "" || strokes === null) return layExample(example ?? usualExample);
    pad.show({ picture: null, strokes });
  }

  async function layExample(digit) {
    const number = ++latest;
    coming = digit;
    try {
      const picture = await readPicture(await fetchBlob(pictureOf(digit)));
      if (number !== latest) return;
      digits.set(picture, digit);
      pad.lay(picture);
    } catch (error) {
      if (number !== latest) return;
      coming = null;
      sayProblem(problem, sentenceOf(error));
      if (error instanceof Unreachable) whenReached(() => number === latest && layExample(digit));
    }
  }

  function pictureOf(digit) {
    return examples.find((button) => Number(button.dataset.example) === digit).querySelector("img").src;
  }

  function isShown() {
    const { example, drawing } = state.get();
    const named = example ?? usualExample;
    if (coming !== null) return drawing === "" && named === coming;
    const shown = addressed(pad.drawing);
    return drawing === shown.drawing && (drawing !== "" || named === shown.example);
  }

  mountPointerPen(canvas, pad);
  mountKeyboardPen(canvas, pad, say);

  for (const button of examples) {
    button.addEventListener("click", () => layExample(Number(button.dataset.example)));
  }
  addEventListener("online", () => (isShown() ? asker.retry() : follow()));
  const { example, drawing } = state.get();
  if (example === null && drawing === "") state.set({ drawing: encode(keptStrokes()) });
  state.onChange(() => isShown() || follow());
  follow();
}
