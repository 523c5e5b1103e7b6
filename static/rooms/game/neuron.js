/**
 * The arithmetic of one neuron: a sum, an activation, a delta, a nudge. It knows its weights and its bias, what the
 * layer before passes on, and what the layer after gives back, and nothing else of the network.
 *
 * Each list of numbers has one for each digit of the batch. The activation is the leaky ReLU: a tenth of what is below 0.
 *
 * @typedef {{weights: number[], bias: number}} Neuron
 */

const LEAK = 0.1;

/**
 * The weighted input z = w a + b.
 *
 * @param {Neuron} neuron
 * @param {ArrayLike<number>} before the activations of the layer before
 */
export function weightedInput({ weights, bias }, before) {
  return weights.reduce((sum, weight, k) => sum + weight * before[k], bias);
}

/** @param {number} z */
export function activation(z) {
  return z > 0 ? z : LEAK * z;
}

/**
 * The slope of the activation.
 *
 * @param {number} a the activation, which has the sign of z
 */
export function slope(a) {
  return a > 0 ? 1 : LEAK;
}

/**
 * The delta of a hidden neuron: what the layer after gives back, times the slope.
 *
 * @param {number} givenBack the sum of weight times delta over the neurons of the layer after
 * @param {number} a the neuron's own activation
 */
export function hiddenDelta(givenBack, a) {
  return givenBack * slope(a);
}

/**
 * The delta of an output neuron: its answer, less what is wanted. The batch shares it, since its cost is a mean.
 *
 * @param {number} answer its share of the answer, 0..1
 * @param {boolean} isWanted whether it stands for the digit's label
 * @param {number} count how many digits the batch has
 */
export function outputDelta(answer, isWanted, count) {
  return (answer - (isWanted ? 1 : 0)) / count;
}

/**
 * What the neuron gives back to each neuron before it: weight times delta.
 *
 * @param {Neuron} neuron
 * @param {number[]} deltas
 * @returns {number[][]} for each neuron before it, one for each digit
 */
export function givesBack({ weights }, deltas) {
  return weights.map((weight) => deltas.map((delta) => weight * delta));
}

/**
 * The slope of the cost along each weight and the bias: delta times what came in along it, added up over the batch.
 *
 * @param {number[]} deltas
 * @param {ArrayLike<number>[]} befores what came in, for each digit
 * @returns {Neuron} the gradient
 */
export function gradient(deltas, befores) {
  const weights = Array.from({ length: befores[0].length }, (_, k) =>
    deltas.reduce((sum, delta, n) => sum + delta * befores[n][k], 0),
  );
  return { weights, bias: deltas.reduce((sum, delta) => sum + delta, 0) };
}

/**
 * w_new = w_old - eta * gradient.
 *
 * @param {Neuron} neuron
 * @param {Neuron} gradient
 * @param {number} eta
 * @returns {Neuron}
 */
export function nudged(neuron, gradient, eta) {
  return {
    weights: neuron.weights.map((weight, k) => weight - eta * gradient.weights[k]),
    bias: neuron.bias - eta * gradient.bias,
  };
}

/**
 * The answers of the output layer: e to the power of each sum, as shares of all. The room scales them; each output neuron
 * needs only its own.
 *
 * @param {number[]} sums of the ten output neurons
 */
export function shares(sums) {
  const largest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - largest));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / all);
}
