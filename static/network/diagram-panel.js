/** One neuron in numbers: its weights as pictures, its strongest inputs, and its sum. */

import { gridWords } from "../charts/grid-words.js";
import { mountHeatMap } from "../charts/heat-map.js";
import { all, one } from "../page/elements.js";
import { capitalized, short, withMinus } from "../page/format.js";
import { part } from "../page/part.js";
import { copyOf } from "../page/template.js";
import { setText } from "../page/text.js";
import { exactly, multiplyInto, sumOf, weightedInput } from "./diagram-sum.js";
import { fillFormula } from "./formula.js";
import { kindOf, piecesOf } from "./kinds.js";
import { neuronName } from "./parameter-name.js";

/**
 * @typedef {import("./diagram-parameters.js").Parameters} Parameters
 * @typedef {import("./diagram-paint.js").Neuron} Neuron
 * @typedef {{input: number[], activations: number[][]}} Answer
 */

const SIDE = 28;
const DECIMALS = 3;
// The rows of the table: a neuron of the first layer also has pictures.
const FEW = 4;
const MANY = 10;
const SUPERSCRIPTS = Object.fromEntries([..."-0123456789"].map((sign, i) => [sign, [..."⁻⁰¹²³⁴⁵⁶⁷⁸⁹"][i]]));

/** @param {HTMLElement} panel of templates/shared/diagram.html */
export function mountPanel(panel) {
  const [title, pictures, rows, inputsHead, kinds] = ["title", "pictures", "inputs", "inputs-head", "kinds"].map(
    (name) => part(panel, name),
  );
  const terms = all(panel, "[data-term]", Element);
  const weightsMap = mountHeatMap(part(panel, "weights"), { label: "Its weights", columns: SIDE, rows: SIDE });
  const productsMap = mountHeatMap(part(panel, "products"), { label: "Weight × input", columns: SIDE, rows: SIDE });
  const lines = Array.from({ length: MANY }, () => copyOf("diagram-input", {}));
  rows.append(...lines.map(({ element }) => element));
  const products = new Float64Array(SIDE * SIDE);
  /** What the picture of the weights shows. It does not change while drawing. */
  let pictured = { layers: null, neuron: -1 };

  /**
   * @param {string} name
   * @param {string} text
   */
  function write(name, text) {
    for (const element of panel.querySelectorAll(`[data-number=${name}]`)) setText(element, text);
  }

  function showPictures(layers, { layer, neuron }, inputs) {
    pictures.hidden = layer !== 1;
    if (layer !== 1) return;
    const weights = layers[0].weights[neuron];
    const name = neuronName(1, neuron);
    if (pictured.layers !== layers || pictured.neuron !== neuron) {
      pictured = { layers, neuron };
      const what = `The 784 weights of ${name}, a picture of 28 by 28. ${gridWords(weights, SIDE)}`;
      weightsMap.show(weights, { signed: true, summary: what });
    }
    multiplyInto(products, weights, inputs);
    const summary = `Weight times input of each pixel, for ${name}. ${gridWords(products, SIDE)}`;
    productsMap.show(products, { signed: true, summary });
  }

  function showInputs(layer, found) {
    inputsHead.textContent = layer === 1 ? "Row, column" : "Neuron before";
    lines.forEach(({ element, part: cell }, i) => {
      element.hidden = i >= found.length;
      if (element.hidden) return;
      const { input, weight, activation, product } = found[i];
      cell("name").textContent = layer === 1 ? placeOf(input) : `neuron ${input + 1}`;
      cell("weight").textContent = fixed(weight, 4);
      cell("activation").textContent = fixed(activation, 4);
      cell("product").textContent = fixed(product);
    });
  }

  function showSum({ terms: found, rest, others, bias, z }) {
    terms.forEach((row, i) => {
      row.classList.toggle("is-absent", i >= found.length);
      if (i >= found.length) return;
      const { weight, activation } = found[i];
      /** @param {string} name */
      const cell = (name) => part(row, name, Element);
      if (i > 0) cell("sign").textContent = signOf(weight);
      cell("weight").textContent = fixed(i > 0 ? Math.abs(weight) : weight, 4);
      cell("activation").textContent = activation < 0 ? `(${fixed(activation, 4)})` : fixed(activation, 4);
    });
    write("rest-sign", signOf(rest));
    write("rest", fixed(Math.abs(rest)));
    write("others", `(the other ${others} inputs)`);
    write("bias-sign", signOf(bias));
    write("bias", fixed(Math.abs(bias)));
    write("z", fixed(z));
  }

  function showActivation(kind, isOutput, numbers) {
    for (const element of all(kinds, "[data-kind]")) element.hidden = element.dataset.kind !== kind;
    fillFormula(one(kinds, `[data-kind="${kind}"]`), numbers, (number, name) => {
      if (name.includes("e ** z")) return powered(number);
      return isOutput && name === "a" ? share(number) : fixed(number);
    });
  }

  return {
    /**
     * @param {Parameters} parameters
     * @param {Neuron} neuron
     * @param {Answer} answer
     */
    show(parameters, { layer, neuron }, { input, activations }) {
      const { layers, sizes } = parameters;
      const inputs = layer === 1 ? input : activations[layer - 2];
      const activation = activations[layer - 1][neuron];
      const kind = kindOf(parameters, layer);
      const { weights, biases } = layers[layer - 1];
      const allZ = biases.map((_, n) => weightedInput(layers[layer - 1], n, inputs));
      const z = exactly(piecesOf(kind), activation, allZ[neuron]);
      const name = neuronName(layer, neuron, sizes);
      title.textContent = capitalized(name);
      showPictures(layers, { layer, neuron }, inputs);
      const options = { bias: biases[neuron], z, decimals: DECIMALS };
      showInputs(layer, sumOf(weights[neuron], inputs, { ...options, count: layer === 1 ? FEW : MANY }).terms);
      showSum(sumOf(weights[neuron], inputs, { ...options, count: FEW }));
      const exponentials = allZ.map(Math.exp);
      showActivation(kind, layer === sizes.length - 1, {
        z,
        a: activation,
        "e ** z": exponentials[neuron],
        "sum(e ** z)": exponentials.reduce((sum, one) => sum + one, 0),
      });
    },
  };
}

/** Counted from 1, as pixelName does. */
function placeOf(pixel) {
  return `${Math.floor(pixel / SIDE) + 1}, ${(pixel % SIDE) + 1}`;
}

/**
 * With a real minus sign, and none before a zero.
 *
 * @param {number | null} number a dash where it is not finite: the network of a run that diverged
 * @param {number} [decimals]
 */
export function fixed(number, decimals = DECIMALS) {
  if (!Number.isFinite(number)) return "–";
  const text = number.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : withMinus(text);
}

/** A probability too small for the decimals gets significant digits. */
function share(probability) {
  return probability < 0.0005 ? powered(probability) : fixed(probability);
}

/** Four significant digits, with a power of ten for large numbers: 12.34, 8.063×10⁸. */
function powered(number) {
  if (!Number.isFinite(number)) return "–";
  if (number === 0 || (number >= 0.001 && number < 1e5)) return short(number);
  const [digits, exponent] = number.toExponential(3).split("e");
  return `${digits}×10${[...String(Number(exponent))].map((sign) => SUPERSCRIPTS[sign]).join("")}`;
}

function signOf(number) {
  return number < 0 ? "−" : "+";
}
