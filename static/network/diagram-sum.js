/**
 * The sum of one neuron: weight x activation of every input, and the bias. The activations themselves come from the
 * server; here they are only split into terms.
 *
 * @typedef {{input: number, weight: number, activation: number, product: number}} Term
 * @typedef {{terms: Term[], rest: number, others: number, bias: number, z: number}} Sum `rest` is the sum of the
 *   `others` that are not among the terms
 */

/**
 * weight x activation of every input, written into `products`.
 *
 * @param {Float64Array} products
 * @param {number[]} weights
 * @param {number[]} inputs
 */
export function multiplyInto(products, weights, inputs) {
  for (let i = 0; i < inputs.length; i++) products[i] = weights[i] * inputs[i];
  return products;
}

/**
 * The indices of the numbers with the largest absolute values, largest first.
 *
 * @param {ArrayLike<number>} numbers
 * @param {number} count
 * @returns {number[]}
 */
export function strongest(numbers, count) {
  const found = [];
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]);
    let place = found.length;
    while (place > 0 && Math.abs(numbers[found[place - 1]]) < size) place--;
    if (place >= count) continue;
    found.splice(place, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}

/**
 * @param {{weights: number[][], biases: number[]}} layer
 * @param {number} neuron
 * @param {number[]} inputs the activations of the layer before
 */
export function weightedInput({ weights, biases }, neuron, inputs) {
  const row = weights[neuron];
  let z = biases[neuron];
  for (let i = 0; i < inputs.length; i++) z += row[i] * inputs[i];
  return z;
}

/**
 * The weighted input z of a neuron, as exactly as possible: the weights have only five digits, so z is computed from
 * the activation where that determines it.
 *
 * @param {[number, number] | null} pieces the slopes of the activation below and above 0, null where it is curved
 * @param {number} activation
 * @param {number} sum as `weightedInput` has it
 */
export function exactly(pieces, activation, sum) {
  const slope = pieces?.[activation > 0 ? 1 : 0];
  return slope ? activation / slope : sum;
}

/**
 * A neuron's sum, with its strongest inputs separate from the rest. All terms are whole units of the last decimal, so
 * the shown numbers add up.
 *
 * @param {number[]} weights
 * @param {number[]} inputs
 * @param {{bias: number, z: number, count: number, decimals: number}} options `count` of the terms
 * @returns {Sum}
 */
export function sumOf(weights, inputs, { bias, z, count, decimals }) {
  const unit = 10 ** decimals;
  const units = (number) => Math.round(number * unit);
  const products = multiplyInto(new Float64Array(inputs.length), weights, inputs);
  const terms = strongest(products, count).map((input) => ({
    input,
    weight: weights[input],
    activation: inputs[input],
    product: units(products[input]) / unit,
  }));
  const shown = terms.reduce((sum, { product }) => sum + units(product), 0);
  const rest = (units(z) - units(bias) - shown) / unit;
  return { terms, rest, others: inputs.length - terms.length, bias: units(bias) / unit, z: units(z) / unit };
}
