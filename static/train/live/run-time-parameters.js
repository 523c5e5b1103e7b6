/** The parameters of a network as the server sends them: a row of numbers, split into layers. */

import { request } from "../../page/api.js";

/**
 * @typedef {{sizes: number[], activation: string, cost: string}} Shape
 * @typedef {{weights: Float32Array[], biases: Float32Array}} Layer weights[neuron][input]
 * @typedef {Shape & {step: number, layers: Layer[], first: Float32Array}} Parameters after a step; `first` has the weights
 *   of the first layer, neuron by neuron
 */

/**
 * @param {string} path
 * @param {Shape} shape
 * @param {AbortSignal} signal
 * @returns {Promise<Parameters>}
 */
export function fetchParameters(path, shape, signal) {
  const read = async (/** @type {Response} */ response) => {
    const numbers = new Float32Array(await response.arrayBuffer());
    return { ...shape, step: Number(response.headers.get("Descent-Step")), ...layersOf(numbers, shape.sizes) };
  };
  return request(path, { signal, read });
}

/**
 * @param {Float32Array} numbers for each layer the weights, neuron by neuron, then the biases
 * @param {number[]} sizes of the layers, pixels first
 */
export function layersOf(numbers, sizes) {
  let at = 0;
  const take = (/** @type {number} */ count) => {
    at += count;
    return numbers.subarray(at - count, at);
  };
  const layers = sizes.slice(1).map((neurons, i) => {
    const weights = Array.from({ length: neurons }, () => take(sizes[i]));
    return { weights, biases: take(neurons) };
  });
  return { layers, first: numbers.subarray(0, sizes[0] * sizes[1]) };
}
