/**
 * The changes of one step, -learning rate * gradient, in the shape of the layers.
 *
 * @typedef {import("../../network/layer-pictures.js").Layer} Layer
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 */

import { largest } from "../../charts/heat-colours.js";

/**
 * @param {Layer[]} gradient
 * @param {number} learningRate
 * @returns {Layer[]}
 */
export function changesOf(gradient, learningRate) {
  /** @param {number} slope */
  const change = (slope) => -learningRate * slope + 0; // + 0: never -0
  return gradient.map(({ weights, biases }) => ({
    weights: weights.map((row) => row.map(change)),
    biases: biases.map(change),
  }));
}

/**
 * The weight from a pixel whose number is furthest from 0.
 *
 * @param {Layer[]} layers
 * @returns {Parameter}
 */
export function largestOfFirst([{ weights }]) {
  const sizes = weights.map(largest);
  const neuron = sizes.indexOf(Math.max(...sizes));
  return { layer: 1, neuron, input: weights[neuron].findIndex((number) => Math.abs(number) === sizes[neuron]) };
}
