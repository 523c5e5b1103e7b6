/** The weights into the first neurons of a run's network, as pictures that form while it learns. */

import { largest } from "../../charts/heat-colours.js";
import { MIN_CHANGE_SCALE } from "../../network/descent-pictures.js";
import { mountWeightTiles } from "../../network/weight-tiles.js";
import { one } from "../../page/elements.js";
import { short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";

/** @import {Parameters} from "./run-time-parameters.js" */

const MAX_PICTURES = 16;
const SIDE = 28;
// The largest 1% of the weights have the darkest colour: otherwise a single large one would make the others pale.
const DARKEST_FROM = 0.99;

/**
 * @param {HTMLElement} section
 * @param {{sizes: number[]}} shape
 */
export function mountRunPictures(section, { sizes }) {
  const canvas = one(section, "canvas", HTMLCanvasElement);
  const tiles = mountWeightTiles(canvas);
  const neurons = sizes[1];
  const count = Math.min(MAX_PICTURES, neurons);
  const layer = sizes.length > 2 ? "neurons of the first hidden layer" : "outputs";
  const which = count < neurons ? `the first ${count} of the ${whole(neurons)} ${layer}` : `the ${count} ${layer}`;
  part(section, "which").textContent = `Into ${which}, one picture each.`;
  tiles.show([], { count, scale: 0 });

  return {
    /**
     * @param {Parameters} now
     * @param {Parameters | null} start shows the change since then, if given
     */
    show(now, start) {
      const weights = now.first.subarray(0, count * SIDE * SIDE);
      const values = start ? weights.map((weight, i) => weight - start.first[i]) : weights;
      const darkest = sizeOf(values, DARKEST_FROM);
      const scale = start ? Math.max(MIN_CHANGE_SCALE, darkest) : darkest;
      const what = start ? "The change of the weights" : "The weights";
      part(section, "scale").textContent = `Strongest colour at ${short(scale)} or more.`;
      canvas.setAttribute(
        "aria-label",
        `${what} into ${which} after step ${whole(now.step)}, each as 28 by 28 pixels. The largest is ${short(largest(values))}.`,
      );
      tiles.show(values, { count, scale });
    },
  };
}

/**
 * The size that a share of the numbers does not exceed.
 *
 * @param {Float32Array} values
 * @param {number} share in 0..1
 */
function sizeOf(values, share) {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(share * (sizes.length - 1))];
}
