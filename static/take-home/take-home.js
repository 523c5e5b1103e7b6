/**
 * Joins the parts of the page. Try this in the browser's console:
 * answerTo(inputOf([[{ x: 0.5, y: 0.1 }, { x: 0.5, y: 0.9 }]]))
 */

import { accuracy } from "../page/numbers.js";
import { mountKeyboardPen } from "../sheet/keyboard-pen.js";
import { mountPointerPen } from "../sheet/pointer-pen.js";
import { mountLearning } from "./learning.js";
import { COSTS, feedforward, readLayers } from "./network.js";
import { normalise } from "./normalise.js";
import { painted, placed } from "./placement.js";
import { mountSheet } from "./sheet.js";
import { mountViews } from "./views.js";

/** @type {import("./network.js").Network} */
let network;

/** The network's answer to 784 numbers. */
export function answerTo(input) {
  const activations = feedforward(network, input);
  const probabilities = COSTS[network.cost].probabilities(activations[activations.length - 1]);
  const confidence = Math.max(...probabilities);
  return { input, activations, probabilities, digit: probabilities.indexOf(confidence), confidence };
}

/** From strokes to the network's input: painted, placed in 28 x 28, and normalised. */
export function inputOf(strokes) {
  return normalise(placed(painted(strokes)));
}

function start() {
  const about = JSON.parse(document.getElementById("network").textContent);
  const original = () => readLayers(about.sizes, about.parameters);
  network = { layers: original(), activation: about.activation, cost: about.cost };
  const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("pad"));
  const [undo, clear, said, well] = ["undo", "clear", "said", "well"].map((id) => document.getElementById(id));
  const show = mountViews(about);

  const say = (text) => {
    said.textContent = text;
  };
  const answer = () => (sheet.strokes.length > 0 ? answerTo(inputOf(sheet.strokes)) : null);

  function changed(settled) {
    const found = answer();
    show(found);
    undo.setAttribute("aria-disabled", String(!sheet.canUndo));
    clear.setAttribute("aria-disabled", String(!found));
    if (settled && found) say(`${about.names[found.digit]}. ${document.getElementById("sentence").textContent}`);
  }

  const sheet = mountSheet(canvas, changed);
  mountPointerPen(canvas, sheet);
  mountKeyboardPen(canvas, sheet, say);
  undo.addEventListener("click", sheet.undo);
  clear.addEventListener("click", sheet.clear);
  addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key === "z" && (ctrlKey || metaKey)) sheet.undo();
    else if (key === "Delete") sheet.clear();
  });

  mountLearning(network, about.names, {
    take() {
      const input = answer()?.input ?? null;
      sheet.clear();
      return input;
    },
    changed: () => show(answer()),
    original,
    say,
  });
  if (about.accuracy !== null) {
    well.textContent = `It is right on ${accuracy(about.accuracy)} of the test images, which it did not learn from.`;
  }
  changed(false);
}

if (typeof document !== "undefined") document.addEventListener("DOMContentLoaded", start);
