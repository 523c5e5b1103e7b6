/**
 * What one neuron did in a step, as sentences with its real numbers, for the first digit of the batch.
 *
 * @import {Move} from "./game-player.js"
 * @import {Done} from "./phone-play.js"
 */

import { sumOf } from "../../network/diagram-sum.js";
import { short } from "../../page/format.js";
import { layerOf, placeOf } from "./game-player.js";
import { deltaWords, factor, figure, inputName } from "./game-words.js";
import { shares, slope } from "./neuron.js";

const OUTPUTS = 3;
const DECIMALS = 4;
// The largest of 784; all of 16.
const FEW = 4;
const ALL = 16;
const OUTPUT_WHY = "An output passes on z. The room makes shares of all ten.";

/**
 * @param {Move} move of a forward phase
 * @returns {{sum: string, "sum-why": string, activation: string, "activation-why": string,
 *   rows: {name: string, product: string, value: string}[]}}
 */
export function forwardStory({ name, neuron, befores, numbers, sums }) {
  const layer = layerOf(name);
  const [z] = /** @type {number[]} */ (sums);
  const count = layer === 1 ? FEW : ALL;
  const sum = sumOf(neuron.weights, befores[0], { bias: neuron.bias, z, count, decimals: DECIMALS });
  // All stay at their places; of many, the largest is the first.
  if (layer > 1) sum.terms.sort((one, other) => one.input - other.input);
  const rows = sum.terms.map(({ input, weight, activation, product }) => ({
    name: inputName(layer, input),
    product: `${figure(weight)} × ${factor(activation)}`,
    value: figure(product),
  }));
  if (sum.others > 0) rows.push({ name: `${sum.others} others`, product: "", value: figure(sum.rest) });
  rows.push({ name: "bias", product: "", value: figure(sum.bias) });
  rows.push({ name: "z, the sum", product: "", value: figure(sum.z) });
  return {
    sum: `z = ${figure(z)}`,
    "sum-why": `${neuron.weights.length} weights × inputs, added up, and the bias`,
    activation: layer === OUTPUTS ? "" : `a = ${figure(numbers[0])}`,
    "activation-why":
      layer === OUTPUTS ? OUTPUT_WHY : z > 0 ? "z itself, since it is above 0" : "a tenth of z, which is not above 0",
    rows,
  };
}

/**
 * @param {Done} done in a backward phase
 * @returns {{delta: string, meaning: string, "came-back": string, weight: string, nudge: string, moved: string}}
 */
export function backwardStory({ move, label, count, eta, given }) {
  const { name, neuron, numbers } = move;
  const [layer, place, delta] = [layerOf(name), placeOf(name), numbers[0]];
  const gradient = /** @type {import("./neuron.js").Neuron} */ (move.gradient);
  const after = /** @type {import("./neuron.js").Neuron} */ (move.after);
  const most = indexOfLargest(gradient.weights);
  const [before, now] = [neuron.weights[most], after.weights[most]];
  const distance = neuron.weights.reduce((sum, weight, k) => sum + Math.abs(after.weights[k] - weight), 0);
  return {
    delta: `delta = ${figure(delta)}`,
    meaning: deltaWords(delta),
    "came-back": layer === OUTPUTS ? answered(place, label, count, given) : givenBack(delta, given),
    weight: `Its weight from ${inputName(layer, most)} moves most:`,
    nudge: `${figure(before)} − ${short(eta)} × ${factor(gradient.weights[most])} = ${figure(now)}`,
    moved: `Its ${neuron.weights.length} weights moved by ${figure(distance)} in all.`,
  };
}

/**
 * @param {number} place
 * @param {number | null} label
 * @param {number} count
 * @param {number[] | null} sums of the ten outputs
 */
function answered(place, label, count, sums) {
  if (sums === null) return "";
  const divided = count > 1 ? `, divided by ${count} digits` : "";
  return `Its share of the answer, ${figure(shares(sums)[place])}, less ${label === place ? 1 : 0}, which is wanted${divided}.`;
}

/** @param {number} delta @param {number[] | null} given what came back */
function givenBack(delta, given) {
  if (given === null) return "";
  const isSteep = Math.abs(delta) > Math.abs(given[0]) / 2;
  return `${figure(given[0])} came back from the layer after it, times its slope ${slope(isSteep ? 1 : -1)}.`;
}

/** @param {number[]} numbers */
function indexOfLargest(numbers) {
  return numbers.reduce((most, number, i) => (Math.abs(number) > Math.abs(numbers[most]) ? i : most), 0);
}
