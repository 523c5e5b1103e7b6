/**
 * Names for the network's numbers. Programs count everything from 0; people count neurons, rows and
 * columns from 1. An output is called by its digit, so the ten of them are 0 to 9 for both.
 *
 * @typedef {{layer: number, neuron: number, input: number | null}} Parameter `layer` counts 1, 2, 3; `neuron` and
 *   `input` from 0; input null is the neuron's bias
 */

import { SIZES } from "./parameter-address.js";

const SIDE = 28;
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

/**
 * "weight from pixel (row 14, column 9) to neuron 3 of the first hidden layer", "bias of output 7".
 *
 * @param {Parameter} parameter
 * @param {number[]} [sizes] of the layers, pixels first
 */
export function parameterName({ layer, neuron, input }, sizes = SIZES) {
  const to = neuronName(layer, neuron, sizes);
  if (input === null) return `bias of ${to}`;
  return `weight from ${layer === 1 ? pixelName(input) : neuronName(layer - 1, input, sizes)} to ${to}`;
}

/**
 * A short name for a table or an axis: the layer, the neuron, and the input. "w1[3,400]" is the weight from pixel 400,
 * counted from 1, to neuron 3; "b3[7]" is the bias of output 7.
 *
 * @param {Parameter} parameter
 * @param {number[]} [sizes]
 */
export function parameterCode({ layer, neuron, input }, sizes = SIZES) {
  const to = counted(layer, neuron, sizes);
  return input === null ? `b${layer}[${to}]` : `w${layer}[${to},${input + 1}]`;
}

/**
 * "neuron 3 of the first hidden layer", "output 7".
 *
 * @param {number} layer 1, 2, 3
 * @param {number} neuron from 0
 * @param {number[]} [sizes]
 */
export function neuronName(layer, neuron, sizes = SIZES) {
  const number = counted(layer, neuron, sizes);
  if (isOutput(layer, sizes)) return `output ${number}`;
  const which = sizes.length === 3 ? "" : `${ORDINALS[layer - 1] ?? `${layer}th`} `;
  return `neuron ${number} of the ${which}hidden layer`;
}

/**
 * "pixel (row 14, column 9)".
 *
 * @param {number} pixel from 0, row by row
 */
export function pixelName(pixel) {
  return `pixel (row ${Math.floor(pixel / SIDE) + 1}, column ${(pixel % SIDE) + 1})`;
}

function counted(layer, neuron, sizes) {
  return isOutput(layer, sizes) ? neuron : neuron + 1;
}

function isOutput(layer, sizes) {
  return layer === sizes.length - 1;
}
