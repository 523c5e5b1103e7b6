/** An example of each class with the network's answer, its confidence, and whether it is right. */

import { post } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { contextOf } from "../../page/canvas.js";
import { all, one } from "../../page/elements.js";
import { percent } from "../../page/format.js";
import { part } from "../../page/part.js";
import { requireReadablePixels } from "../../page/pixels.js";
import { setText } from "../../page/text.js";
import { fetchBlob } from "../../sheet/picture-input.js";
import { examplePath } from "./run-live-names.js";

/** @import {Answer} from "./run-time-frames.js" */

const SIDE = 28;
// Enough for 256 shades of ink, and a third of the bytes.
const DECIMALS = 4;

/**
 * @param {HTMLElement} list with a button of `data-example` for each class, which has a picture and a caption
 * @param {{dataset: string, names: string[]}} kind
 * @param {(inputs: number[][]) => void} onInputs called with the network's inputs, one for each class
 */
export function mountExamples(list, { dataset, names }, onInputs) {
  const buttons = all(list, "[data-example]");
  const known = buttons.slice(0, names.length);
  buttons.forEach((button, i) => {
    button.parentElement?.toggleAttribute("hidden", i >= names.length);
    if (i >= names.length || dataset === "mnist") return;
    one(button, "img", HTMLImageElement).src = examplePath(dataset, i);
    label(button, i, "");
  });

  /**
   * @param {HTMLElement} button
   * @param {number} i
   * @param {string} answer
   */
  function label(button, i, answer) {
    const what = dataset === "mnist" ? `a handwritten ${i}` : names[i];
    button.ariaLabel = `Example: ${what}${answer && `, ${answer}`}`;
  }

  const asker = new Asker(readInputs, (outcome) => outcome.kind === "answered" && onInputs(outcome.answer));
  asker.ask(
    known.map((_, i) => examplePath(dataset, i)),
    true,
  );
  addEventListener("online", () => asker.retry());

  return {
    /** @param {Answer[]} answers one for each class, or none */
    show(answers) {
      known.forEach((button, i) => {
        const answer = Number.isFinite(answers[i]?.confidence) ? answers[i] : null;
        const isRight = answer?.digit === i;
        const name = answer ? (names[answer.digit] ?? String(answer.digit)) : answers[i] ? "–" : "…";
        const confidence = answer ? percent(answer.confidence) : "";
        button.dataset.is = answer ? (isRight ? "right" : "wrong") : "";
        setText(part(button, "mark"), answer ? (isRight ? "✓" : "✗") : "");
        setText(part(button, "answer"), name);
        setText(part(button, "confidence"), confidence);
        label(
          button,
          i,
          answer ? `taken for ${name}, ${confidence}, ${isRight ? "right" : "wrong"}` : answers[i] ? "no answer" : "",
        );
      });
    },
  };
}

/**
 * The inputs of the network, prepared from the pixels as in training.
 *
 * @param {string[]} paths of the examples
 * @param {AbortSignal} signal
 */
async function readInputs(paths, signal) {
  await requireReadablePixels();
  const instances = await Promise.all(paths.map(async (path) => pixelsOf(await fetchBlob(path))));
  /** @type {{predictions: {input: number[]}[]}} */
  const { predictions } = await post("predict?explain=true", { instances }, signal);
  return predictions.map(({ input }) => rounded(input));
}

/** @param {Blob} blob */
async function pixelsOf(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = contextOf(canvas);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]);
}

/**
 * An input with the decimals that are sent, so that the page shows exactly what the network saw.
 *
 * @param {number[]} input
 */
export function rounded(input) {
  return input.map((ink) => Number(ink.toFixed(DECIMALS)));
}
