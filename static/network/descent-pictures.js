/**
 * The weights into the 16 first neurons, or their changes, as pictures on one scale.
 *
 * @typedef {{step: number, weights: number[] | Float32Array}} Pictured
 */

import { largest } from "../charts/heat-colours.js";
import { short, whole } from "../page/format.js";
import { part } from "../page/part.js";
import { mountWeightTiles } from "./weight-tiles.js";

// Keeps small changes faint, even when they are the largest.
export const MIN_CHANGE_SCALE = 0.1;

/** @param {HTMLElement} section */
export function mountDescentPictures(section) {
  const canvas = section.querySelector("canvas");
  const words = part(section, "scale");
  const tiles = mountWeightTiles(canvas);

  return {
    /**
     * @param {Pictured} now with weights
     * @param {Pictured} start with weights
     * @param {boolean} isChange whether to show what descent has changed, and not the weights themselves
     */
    show(now, start, isChange) {
      const values = isChange ? Float32Array.from(now.weights, (weight, i) => weight - start.weights[i]) : now.weights;
      const max = largest(values);
      const scale = isChange ? Math.max(MIN_CHANGE_SCALE, max) : max;
      const what = isChange ? "How far descent has moved the weights" : "The weights";
      words.textContent = `Strongest colour at ${short(scale)}.`;
      canvas.setAttribute(
        "aria-label",
        `${what} into the 16 neurons of the first hidden layer after step ${whole(now.step)}, each as 28 by 28 pixels. ` +
          `The largest is ${short(max)}.`,
      );
      tiles.show(values, { scale });
    },
  };
}
