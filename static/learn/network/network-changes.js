/**
 * The parameters that a reader has changed, as the address holds them: "3.3.1_-2.5,2.5.b_8" sets the weight from
 * neuron 1 of layer 2 to neuron 3 of layer 3 to -2.5, and the bias of neuron 5 of layer 2 to 8. Layers count from 1,
 * everything else from 0.
 *
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 * @typedef {Parameter & {value: number}} Change
 * @typedef {{weights: number[][], biases: number[]}} Layer
 */

import { parameterOf, textOf } from "../../network/parameter-address.js";

// The server's limits.
export const MAX_CHANGES = 64;
export const MAX_VALUE = 1e6;
// How far the slider goes to each side. In most layers this changes the answer, as trained values are far smaller.
const REACH_OF_WEIGHT = [50, 10, 5];
const REACH_OF_BIAS = 50;

const VALUE = /^-?\d+(\.\d+)?(e-?\d+)?$/;

/**
 * @param {string} text
 * @returns {Change[] | null} null when the text is malformed
 */
export function changesOf(text) {
  if (text === "") return [];
  const changes = text.split(",").map((one) => {
    const [name, value, ...more] = one.split("_");
    const parameter = parameterOf(name);
    const isNumber = VALUE.test(value) && Math.abs(Number(value)) <= MAX_VALUE;
    return parameter && isNumber && more.length === 0 ? { ...parameter, value: Number(value) } : null;
  });
  const isValid = !changes.includes(null) && new Set(changes.map(textOf)).size === changes.length;
  return isValid && changes.length <= MAX_CHANGES ? changes : null;
}

/** @param {Change[]} changes */
export function changesText(changes) {
  return changes.map((change) => `${textOf(change)}_${String(change.value).replace("+", "")}`).join(",");
}

/**
 * @param {Change[]} changes
 * @param {Parameter} parameter
 * @param {number | null} value null resets it
 * @returns {Change[]}
 */
export function withChange(changes, { layer, neuron, input }, value) {
  const name = textOf({ layer, neuron, input });
  const at = changes.findIndex((change) => textOf(change) === name);
  if (value === null) return changes.filter((_, i) => i !== at);
  const change = { layer, neuron, input, value };
  return at < 0 ? [...changes, change] : changes.map((old, i) => (i === at ? change : old));
}

/** @param {Parameter} parameter */
export function reachOf({ layer, input }) {
  return input === null ? REACH_OF_BIAS : REACH_OF_WEIGHT[layer - 1];
}

/**
 * The parameter with the steepest slope in each layer, the steepest of all first.
 *
 * @param {Layer[]} gradient
 * @returns {Parameter[]}
 */
export function steepest(gradient) {
  const found = gradient.map(({ weights, biases }, index) => {
    let best = { steepness: -1, parameter: null };
    /** @type {(slope: number, neuron: number, input: number | null) => void} */
    const consider = (slope, neuron, input) => {
      const steepness = Math.abs(slope);
      if (steepness > best.steepness) best = { steepness, parameter: { layer: index + 1, neuron, input } };
    };
    for (const [neuron, row] of weights.entries()) {
      for (const [input, slope] of row.entries()) consider(slope, neuron, input);
      consider(biases[neuron], neuron, null);
    }
    return best;
  });
  return found.sort((a, b) => b.steepness - a.steepness).map(({ parameter }) => parameter);
}
