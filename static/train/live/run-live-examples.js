/** One example of each class, each with what the network makes of it: its answer, how sure it is, and whether it is right. */

import { post } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { percent } from "../../page/format.js";
import { fetchBlob } from "../../sheet/picture-input.js";
import { examplePath } from "./run-live-names.js";

const SIDE = 28;
// Enough for an ink of 256 shades, and a third of what is sent otherwise.
const DECIMALS = 4;

/**
 * @param {HTMLElement} list with a button of `data-example` for each class, which has a picture and a caption
 * @param {{dataset: string, names: string[]}} kind
 * @param {(inputs: number[][]) => void} onInputs once there are the inputs of the network, one for each class
 */
export function mountExamples(list, { dataset, names }, onInputs) {
  const buttons = [...list.querySelectorAll("[data-example]")];
  const known = buttons.slice(0, names.length);
  buttons.forEach((button, i) => {
    button.parentElement.hidden = i >= names.length;
    if (i >= names.length || dataset === "mnist") return;
    button.querySelector("img").src = examplePath(dataset, i);
    label(button, i, "");
  });

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
    /** @param {import("./run-time-frames.js").Answer[]} answers one for each class, or none */
    show(answers) {
      known.forEach((button, i) => {
        const answer = answers[i];
        const part = (name) => button.querySelector(`[data-part=${name}]`);
        const isRight = answer?.digit === i;
        button.dataset.is = answer ? (isRight ? "right" : "wrong") : "";
        setText(part("mark"), answer ? (isRight ? "✓" : "✗") : "");
        setText(part("answer"), answer ? (names[answer.digit] ?? String(answer.digit)) : "…");
        setText(part("confidence"), answer ? percent(answer.confidence) : "");
        const told = answer
          ? `taken for ${names[answer.digit]}, ${percent(answer.confidence)}, ${isRight ? "right" : "wrong"}`
          : "";
        label(button, i, told);
      });
    },
  };
}

/** The very pixels, prepared as those of training are. */
async function readInputs(paths, signal) {
  const instances = await Promise.all(paths.map(async (path) => pixelsOf(await fetchBlob(path))));
  const { predictions } = await post("predict?explain=true", { instances }, signal);
  return predictions.map(({ input }) => rounded(input));
}

async function pixelsOf(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]);
}

/**
 * An input with as many decimals as are sent: what is shown of it is what was asked about.
 *
 * @param {number[]} input
 */
export function rounded(input) {
  return input.map((ink) => Number(ink.toFixed(DECIMALS)));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
