/** The strength of each edge: weight x activation of the neuron, or ink of the pixel, that it comes from. */

import { multiplyInto, strongest } from "./diagram-sum.js";

/**
 * @typedef {import("./diagram-parameters.js").Parameters} Parameters
 * @typedef {import("./diagram-paint.js").Neuron} Neuron
 */

// How many of the 12,544 edges into the first layer are shown: for each neuron, and for the selected one.
const EDGES = 3;
const EDGES_OF_ONE = 48;

/** Reuses its arrays, since answers come 30 times a second. */
export class Edges {
  #scratch = new Float64Array(0);
  /** @type {Float64Array[]} of each layer, the first left empty */
  #products = [];

  /**
   * The shown edges into the first layer: the strongest few, those of the selected neuron, or all 16 of a selected
   * pixel.
   *
   * @param {Parameters} parameters
   * @param {number[]} input
   * @param {{chosen: Neuron | null, pixel: number | null}} lookedAt
   */
  fromPixels({ layers: [{ weights }] }, input, { chosen, pixel }) {
    if (this.#scratch.length !== input.length) this.#scratch = new Float64Array(input.length);
    const one = chosen?.layer === 1 ? chosen.neuron : null;
    const edges = [];
    let full = 0;
    weights.forEach((row, neuron) => {
      const products = multiplyInto(this.#scratch, row, input);
      const [first, ...others] = strongest(products, one === neuron ? EDGES_OF_ONE : EDGES);
      full = Math.max(full, Math.abs(products[first]));
      if (pixel === null && one !== null && one !== neuron) return;
      const pixels = pixel === null ? [first, ...others] : [pixel];
      for (const at of pixels) edges.push({ pixel: at, neuron, product: products[at] });
    });
    return { edges, full };
  }

  /**
   * The edges of the later layers, [layer][neuron * inputs + input].
   *
   * @param {Parameters} parameters
   * @param {number[][]} activations
   */
  between({ layers }, activations) {
    for (let i = 1; i < layers.length; i++) {
      const { weights } = layers[i];
      const inputs = activations[i - 1];
      const count = weights.length * inputs.length;
      if (this.#products[i]?.length !== count) this.#products[i] = new Float64Array(count);
      for (const [to, row] of weights.entries()) {
        multiplyInto(this.#products[i].subarray(to * inputs.length), row, inputs);
      }
    }
    this.#products.length = layers.length;
    return this.#products;
  }
}
