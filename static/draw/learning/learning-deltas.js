/**
 * The sum behind a hidden neuron's delta: delta_j = slope_j * sum over k of w_kj delta_k (Nielsen's BP2). All numbers
 * are those of the server's backprop; here they are only lined up.
 *
 * @typedef {import("../../network/layer-pictures.js").Layer} Layer
 * @typedef {{weight: number, delta: number, product: number}} Term one neuron k of the layer after
 */

/**
 * @param {{before: Layer[], deltas: number[][], slopes: number[][]}} backprop
 * @param {number} layer 1 or 2
 * @param {number} neuron
 * @returns {{terms: Term[], sum: number, slope: number, delta: number}}
 */
export function sumBehind({ before, deltas, slopes }, layer, neuron) {
  const terms = deltas[layer].map((delta, k) => {
    const weight = before[layer].weights[k][neuron];
    return { weight, delta, product: weight * delta };
  });
  return {
    terms,
    sum: terms.reduce((sum, { product }) => sum + product, 0),
    slope: slopes[layer - 1][neuron],
    delta: deltas[layer - 1][neuron],
  };
}

/** The place of the number that is furthest from 0. @param {number[]} numbers */
export function furthest(numbers) {
  return numbers.reduce((best, number, i) => (Math.abs(number) > Math.abs(numbers[best]) ? i : best), 0);
}
