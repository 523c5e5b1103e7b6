/** The weights into each of the 16 first neurons as pictures that share one scale, or how far descent has moved them. */

import { short, whole } from "./format.js";
import { heatColours, largest, paintHeatMap } from "./heat-map.js";
import { repainting } from "./repainting.js";

const SIDE = 28;
const ROW = 4;
const COUNT = 16;
const GAP = 3;
// The first nudges are to look as faint as they are.
const LEAST_CHANGE = 0.1;

/** @param {HTMLElement} section */
export function mountDescentPictures(section) {
  const canvas = section.querySelector("canvas");
  const words = section.querySelector("[data-part=scale]");
  const context = canvas.getContext("2d");
  /** @type {{values: number[], scale: number} | null} */
  let shown = null;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    if (canvas.clientWidth === 0) return;
    const density = devicePixelRatio;
    canvas.width = canvas.height = Math.round(canvas.clientWidth * density);
    // Whole pixels of the screen for each cell, so that all hatching is the same.
    const most = (canvas.width - (ROW - 1) * GAP * density) / ROW;
    const side = SIDE * Math.max(1, Math.floor(most / SIDE));
    const place = (n) => Math.round((n * (canvas.width - side)) / (ROW - 1));
    const colours = heatColours(canvas);
    for (let neuron = 0; neuron < COUNT; neuron++) {
      const [x, y] = [place(neuron % ROW), place(Math.floor(neuron / ROW))];
      const values = shown?.values.slice(neuron * SIDE * SIDE, (neuron + 1) * SIDE * SIDE) ?? [];
      const options = { signed: true, scale: shown?.scale ?? 0, colours };
      paintHeatMap(context, values, { columns: SIDE, rows: SIDE }, { x, y, width: side, height: side }, options);
      context.strokeStyle = getComputedStyle(canvas).borderTopColor;
      context.lineWidth = Math.max(1, Math.round(density));
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
  }

  return {
    /**
     * @param {import("./descent-run.js").Frame} now with weights
     * @param {import("./descent-run.js").Frame} start with weights
     * @param {boolean} isChange whether to show what descent has changed, and not the weights themselves
     */
    show(now, start, isChange) {
      const values = isChange ? now.weights.map((weight, i) => weight - start.weights[i]) : now.weights;
      const most = largest(values);
      shown = { values, scale: isChange ? Math.max(LEAST_CHANGE, most) : most };
      const what = isChange ? "How far descent has moved the weights" : "The weights";
      words.textContent = `The full colour is ${short(shown.scale)}.`;
      canvas.setAttribute(
        "aria-label",
        `${what} into the 16 neurons of the first hidden layer after step ${whole(now.step)}, each as 28 by 28 pixels. ` +
          `The largest is ${short(most)}.`,
      );
      repaintSoon();
    },
  };
}
