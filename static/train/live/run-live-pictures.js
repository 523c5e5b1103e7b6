/** The weights into the first neurons of a run's network, as pictures that form while it learns. */

import { largest } from "../../charts/heat-map.js";
import { LEAST_CHANGE } from "../../network/descent-pictures.js";
import { mountWeightTiles } from "../../network/weight-tiles.js";
import { short, whole } from "../../page/format.js";

const MOST = 16;
const SIDE = 28;
// Beyond this share of the weights the colour is full: else a single large one would leave the others pale.
const FULL_FROM = 0.99;

/**
 * @param {HTMLElement} section
 * @param {{sizes: number[]}} shape
 */
export function mountRunPictures(section, { sizes }) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const canvas = section.querySelector("canvas");
  const tiles = mountWeightTiles(canvas);
  const neurons = sizes[1];
  const count = Math.min(MOST, neurons);
  const layer = sizes.length > 2 ? "neurons of the first hidden layer" : "outputs";
  const which = count < neurons ? `the first ${count} of the ${whole(neurons)} ${layer}` : `the ${count} ${layer}`;
  part("which").textContent = `Into ${which}, one picture each.`;
  tiles.show([], { count, scale: 0 });

  return {
    /**
     * @param {import("./run-time-parameters.js").Parameters} now
     * @param {import("./run-time-parameters.js").Parameters | null} start where what has changed since is to be shown
     */
    show(now, start) {
      const weights = now.first.subarray(0, count * SIDE * SIDE);
      const values = start ? weights.map((weight, i) => weight - start.first[i]) : weights;
      const full = sizeOf(values, FULL_FROM);
      const scale = start ? Math.max(LEAST_CHANGE, full) : full;
      const what = start ? "How far learning has moved the weights" : "The weights";
      part("scale").textContent = `The full colour is ${short(scale)} and more.`;
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
