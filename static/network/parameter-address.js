/**
 * The parameter named in the address, and its place in the layers.
 *
 * @typedef {import("./parameter-name.js").Parameter} Parameter
 * @typedef {import("./layer-pictures.js").Layer} Layer
 */

/** The layer sizes of `classic`, pixels first. */
export const SIZES = [784, 16, 16, 10];

/**
 * "1.3.400" is the weight from pixel 400 to neuron 3 of the first layer, both counted from 0; "2.5.b" is a bias.
 *
 * @param {string} text
 * @returns {Parameter | null} null for what names no parameter
 */
export function parameterOf(text) {
  const found = /^([123])\.(\d{1,2})\.(b|\d{1,3})$/.exec(text);
  if (!found) return null;
  const [layer, neuron] = [Number(found[1]), Number(found[2])];
  const input = found[3] === "b" ? null : Number(found[3]);
  return neuron < SIZES[layer] && (input === null || input < SIZES[layer - 1]) ? { layer, neuron, input } : null;
}

/** @param {Parameter} parameter */
export function textOf({ layer, neuron, input }) {
  return `${layer}.${neuron}.${input ?? "b"}`;
}

/**
 * @param {Layer[]} layers
 * @param {Parameter} parameter
 */
export function valueAt(layers, { layer, neuron, input }) {
  const { weights, biases } = layers[layer - 1];
  return input === null ? biases[neuron] : weights[neuron][input];
}
