/** Backprop of one step, from the outputs back to the gradient, with one neuron of each layer calculated in full. */

import { largest } from "../../charts/heat-colours.js";
import { fillFormula } from "../../network/formula.js";
import { SIZES, valueAt } from "../../network/parameter-address.js";
import { neuronName, parameterName } from "../../network/parameter-name.js";
import { all, one } from "../../page/elements.js";
import { capitalized, short, withMinus } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { furthest, sumBehind } from "./learning-deltas.js";

/**
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 * @typedef {object} Backprop as POST lessons/learning answers it
 * @property {import("../../network/layer-pictures.js").Layer[]} before
 * @property {import("../../network/layer-pictures.js").Layer[]} gradient
 * @property {number[][]} activations the input first
 * @property {number[][]} slopes of the hidden neurons
 * @property {number[][]} deltas
 * @property {string} activation
 * @property {string} cost
 */

/** @param {HTMLElement} element around templates/inside/learning-backprop.html */
export function mountBackprop(element) {
  const stops = all(element, "[data-stop]");
  const position = part(element, "position");
  const [back, next] = ["back", "next"].map((action) => one(element, `[data-action=${action}]`));
  let at = 0;
  /** @type {Backprop | null} */
  let backprop = null;
  /** @type {Parameter | null} */
  let picked = null;
  let meant = 0;
  /** The neuron of each layer that is calculated in full; null: the one with the largest delta. */
  const worked = [null, null, null, null];

  const neurons = [1, 2, 3].map((layer) =>
    Array.from({ length: SIZES[layer] }, (_, neuron) => {
      const { element: item, part: itsPart } = copyOf("learning-neuron", {
        name: String(layer === 3 ? neuron : neuron + 1),
      });
      const button = item.querySelector("button");
      button.ariaLabel = capitalized(neuronName(layer, neuron));
      button.addEventListener("click", () => {
        worked[layer] = neuron;
        if (backprop) show();
      });
      element.querySelector(`[data-neurons="${layer}"]`).append(item);
      return { button, delta: itsPart("delta"), bar: itsPart("bar"), name: capitalized(neuronName(layer, neuron)) };
    }),
  );
  for (const stop of stops.filter(({ dataset }) => dataset.stop === "hidden")) {
    const after = Number(stop.dataset.layer) + 1;
    const rows = Array.from({ length: SIZES[after] }, (_, k) => {
      return copyOf("learning-term", { name: String(after === 3 ? k : k + 1) }).element;
    });
    part(stop, "terms").replaceChildren(...rows);
  }

  function go(to) {
    at = Math.min(stops.length - 1, Math.max(0, to));
    for (const [i, stop] of stops.entries()) stop.hidden = i !== at;
    back.ariaDisabled = String(at === 0);
    next.ariaDisabled = String(at === stops.length - 1);
    position.textContent = `${at + 1} of ${stops.length}: ${stops[at].ariaLabel}`;
  }

  function show() {
    for (const layer of [1, 2, 3]) showNeurons(layer);
    for (const stop of stops) {
      if (stop.dataset.stop === "outputs") showOutput(stop);
      else if (stop.dataset.stop === "hidden") showHidden(stop, Number(stop.dataset.layer));
      else showGradient(stop);
    }
    for (const kind of ["activation", "cost"]) {
      for (const words of element.querySelectorAll(`[data-${kind}]`)) {
        words.toggleAttribute("hidden", words.getAttribute(`data-${kind}`) !== backprop[kind]);
      }
    }
  }

  function neuronOf(layer) {
    return worked[layer] ?? furthest(backprop.deltas[layer - 1]);
  }

  function showNeurons(layer) {
    const deltas = backprop.deltas[layer - 1];
    const full = largest(deltas) || 1;
    neurons[layer - 1].forEach(({ button, delta, bar, name }, neuron) => {
      delta.textContent = number(deltas[neuron]);
      button.ariaLabel = `${name}: delta ${number(deltas[neuron])}`;
      button.ariaPressed = String(neuron === neuronOf(layer));
      bar.style.inlineSize = `${(Math.abs(deltas[neuron]) / full) * 100}%`;
      bar.dataset.sign = deltas[neuron] < 0 ? "negative" : "positive";
    });
  }

  function showOutput(stop) {
    const digit = neuronOf(3);
    const [a, delta] = [backprop.activations[3][digit], backprop.deltas[2][digit]];
    const example = one(stop, ".learning-worked");
    fillFormula(example, { a, y: Number(digit === meant) }, number);
    fill(example, {
      name: capitalized(neuronName(3, digit)),
      index: String(digit),
      delta: number(delta),
    });
  }

  function showHidden(stop, layer) {
    const neuron = neuronOf(layer);
    const { terms, sum, slope, delta } = sumBehind(backprop, layer, neuron);
    const rows = stop.querySelectorAll("[data-part=terms] tr");
    terms.forEach(({ weight, delta: sent, product }, k) => {
      fill(rows[k], { weight: number(weight), delta: number(sent), product: number(product) });
    });
    // The rows have parts of the same names, so the result is filled separately.
    fill(stop.querySelector("tfoot"), { sum: number(sum) });
    fill(stop.querySelector(".learning-worked > math"), {
      index: String(neuron + 1),
      slope: number(slope),
      "sum-again": bracketed(sum),
      delta: number(delta),
    });
    stop.querySelector(".learning-worked-name").textContent = capitalized(neuronName(layer, neuron));
  }

  function showGradient(stop) {
    const { layer, neuron, input } = picked;
    const delta = backprop.deltas[layer - 1][neuron];
    part(stop, "of-weight", Element).toggleAttribute("hidden", input === null);
    fill(stop, { name: capitalized(parameterName(picked)), "bias-slope": number(delta) });
    if (input === null) return;
    fill(stop, {
      "weight-delta": number(delta),
      activation: number(backprop.activations[layer - 1][input]),
      "weight-slope": number(valueAt(backprop.gradient, picked)),
    });
  }

  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1));
  go(0);

  return {
    /**
     * @param {Backprop} found
     * @param {number} digit the target
     * @param {Parameter} parameter of the gradient that is calculated in full
     */
    show(found, digit, parameter) {
      [backprop, meant, picked] = [found, digit, parameter];
      show();
    },
    /** From now on the neuron that a parameter leads to is calculated in full. */
    work({ layer, neuron }) {
      worked[layer] = neuron;
    },
  };
}

/**
 * @param {Element} element
 * @param {Record<string, string>} texts
 */
function fill(element, texts) {
  for (const [name, text] of Object.entries(texts)) part(element, name, Element).textContent = text;
}

/** @param {number} value */
function number(value) {
  return withMinus(short(value));
}

/** @param {number} value */
function bracketed(value) {
  return value < 0 ? `(${number(value)})` : number(value);
}
