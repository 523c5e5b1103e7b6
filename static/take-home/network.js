/**
 * The network, and how it learns by gradient descent. The names are those of chapter 2 of Michael Nielsen's book
 * "Neural Networks and Deep Learning": weights[j][k] is the weight of the connection from neuron k of the layer before
 * to neuron j, z = w a + b is a neuron's weighted input, and a = f(z) is its activation, which the next layer gets.
 *
 * @typedef {{weights: number[][], biases: number[]}} Layer
 * @typedef {{layers: Layer[], activation: string, cost: string}} Network
 * @typedef {{input: number[], wanted: number[]}} Example an input and the outputs that are wanted for it
 */

// What a hidden neuron does with z. The slope f'(z) is computed from a = f(z).
export const ACTIVATIONS = {
  sigmoid: { of: sigmoid, slope: (a) => a * (1 - a) },
  relu: { of: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
  "leaky-relu": { of: (z) => Math.max(z, 0.1 * z), slope: (a) => (a > 0 ? 1 : 0.1) },
};

// How far the outputs a are from those that are wanted, y. Each cost has its own activation of the outputs; delta is
// the slope of the cost by each output's z.
export const COSTS = {
  "cross-entropy": {
    output: softmax,
    of: (a, y) => -sumOf(a.map((aj, j) => y[j] * Math.log(Math.max(aj, Number.MIN_VALUE)))),
    delta: (a, y) => a.map((aj, j) => aj - y[j]),
    probabilities: (a) => a,
  },
  quadratic: {
    output: (z) => z.map(sigmoid),
    of: (a, y) => sumOf(a.map((aj, j) => (aj - y[j]) ** 2)) / 2,
    delta: (a, y) => a.map((aj, j) => (aj - y[j]) * aj * (1 - aj)),
    // Sigmoids need not add up to 1, so they are shown as shares of their sum.
    probabilities: (a) => shares(a.map((aj) => aj + Number.MIN_VALUE)),
  },
};

function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

function softmax(z) {
  // Without the largest z the result is the same, and no exponential is too large for a number.
  const largest = Math.max(...z);
  return shares(z.map((zj) => Math.exp(zj - largest)));
}

function shares(numbers) {
  const total = sumOf(numbers);
  return numbers.map((number) => number / total);
}

export function sumOf(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Feedforward: the activations of all layers, from the input x itself to the outputs.
 *
 * @param {Network} network
 * @param {number[]} x
 * @returns {number[][]}
 */
export function feedforward({ layers, activation, cost }, x) {
  const activations = [x];
  for (const [l, { weights, biases }] of layers.entries()) {
    const a = activations[l];
    const z = weights.map((row, j) => row.reduce((total, weight, k) => total + weight * a[k], biases[j]));
    const isLast = l === layers.length - 1;
    activations.push(isLast ? COSTS[cost].output(z) : z.map(ACTIVATIONS[activation].of));
  }
  return activations;
}

/**
 * How the cost of one example changes with each weight and each bias: its gradient. BP1 to BP4 are the equations of the
 * book.
 *
 * @param {Network} network
 * @param {Example} example
 * @returns {Layer[]} in the shape of the network's layers
 */
export function backprop(network, { input, wanted }) {
  const { layers } = network;
  const activations = feedforward(network, input);
  const { slope } = ACTIVATIONS[network.activation];
  const gradient = [];
  // BP1: how the cost changes with the z of each output. From there it goes back, layer by layer.
  let delta = COSTS[network.cost].delta(activations[layers.length], wanted);
  for (let l = layers.length - 1; l >= 0; l--) {
    const [a, deltas] = [activations[l], delta];
    gradient[l] = {
      weights: deltas.map((deltaJ) => a.map((ak) => ak * deltaJ)), // BP4: the activation before times delta
      biases: deltas, // BP3: delta itself
    };
    // BP2: the delta of a neuron before is what comes back along its weights, times the slope of its activation.
    const { weights } = layers[l];
    if (l > 0) delta = a.map((ak, k) => sumOf(deltas.map((deltaJ, j) => weights[j][k] * deltaJ)) * slope(ak));
  }
  return gradient;
}

/**
 * One step of gradient descent: w_new = w_old - eta * gradient, for the mean of the examples' gradients.
 *
 * @param {Network} network changed in place
 * @param {Example[]} examples at least one
 * @param {number} eta the learning rate
 */
export function descend(network, examples, eta) {
  const gradients = examples.map((example) => backprop(network, example));
  const rate = eta / examples.length;
  for (const gradient of gradients) {
    for (const [l, { weights, biases }] of network.layers.entries()) {
      for (const [j, row] of weights.entries()) {
        const slopes = gradient[l].weights[j];
        for (let k = 0; k < row.length; k++) row[k] -= rate * slopes[k];
        biases[j] -= rate * gradient[l].biases[j];
      }
    }
  }
}

/**
 * The mean cost of the examples, of which there is at least one.
 *
 * @param {Network} network
 * @param {Example[]} examples
 */
export function meanCost(network, examples) {
  const costs = examples.map(({ input, wanted }) => {
    const activations = feedforward(network, input);
    return COSTS[network.cost].of(activations[network.layers.length], wanted);
  });
  return sumOf(costs) / examples.length;
}

/**
 * The layers out of the numbers in the file: of each layer all weights of its first input, of its second, and so on,
 * then its biases.
 *
 * @param {number[]} sizes of the layers
 * @param {string} base64 the numbers as 32-bit floats
 * @returns {Layer[]}
 */
export function readLayers(sizes, base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const numbers = [...new Float32Array(bytes.buffer)];
  let start = 0;
  return sizes.slice(1).map((neurons, l) => {
    const inputs = sizes[l];
    const block = numbers.slice(start, start + (inputs + 1) * neurons);
    start += block.length;
    const each = Array.from({ length: neurons }, (_, j) => j);
    return {
      weights: each.map((j) => Array.from({ length: inputs }, (_, k) => block[k * neurons + j])),
      biases: each.map((j) => block[inputs * neurons + j]),
    };
  });
}
