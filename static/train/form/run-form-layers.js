/** The hidden layers as boxes in a chain from the pixels to the answers. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { readTyped } from "./run-form-fields.js";
import { wrongWith } from "./run-form-limits.js";

/**
 * @import {Control} from "./run-form-fields.js"
 * @import {Limit} from "./run-form-limits.js"
 */

const FIRST = 16;

/**
 * @param {HTMLElement} element
 * @param {Limit} limit of the neurons of a layer
 * @param {number} max layers
 * @param {() => void} onChange when a layer has been added or removed
 * @returns {Control<(number | null)[]>}
 */
export function layersControl(element, limit, max, onChange) {
  const end = part(element, "end");
  const add = part(element, "add", HTMLButtonElement);
  /** @type {{element: HTMLElement, input: HTMLInputElement, setNumber: (number: number) => void}[]} */
  let layers = [];

  /** @param {number | null} neurons */
  function layerOf(neurons) {
    const { element } = copyOf("run-form-layer", {});
    const input = one(element, "input", HTMLInputElement);
    const label = part(element, "label", HTMLLabelElement);
    const remove = part(element, "remove");
    input.value = String(neurons);
    const layer = {
      element,
      input,
      /** @param {number} number */
      setNumber(number) {
        input.id = `hidden-${number}`;
        label.htmlFor = input.id;
        label.textContent = `Layer ${number}`;
        remove.setAttribute("aria-label", `Remove layer ${number}`);
      },
    };
    remove.addEventListener("click", () => {
      const place = layers.indexOf(layer);
      layers.splice(place, 1);
      element.remove();
      show();
      (layers[place] ?? layers[place - 1])?.input.focus();
      if (layers.length === 0) add.focus();
      onChange();
    });
    return layer;
  }

  /** @param {number | null} neurons */
  function append(neurons) {
    const layer = layerOf(neurons);
    layers.push(layer);
    end.before(layer.element);
    return layer;
  }

  function show() {
    for (const [i, layer] of layers.entries()) layer.setNumber(i + 1);
    add.disabled = layers.length >= max;
  }

  function firstWrong() {
    const index = layers.findIndex(({ input }) => wrongWith(input.value, limit));
    return index === -1 ? null : index;
  }

  add.addEventListener("click", () => {
    const last = layers.at(-1);
    const layer = append((last && readTyped(last.input, limit)) || FIRST);
    show();
    layer.input.focus();
    layer.input.select();
    onChange();
  });

  return {
    read: () => layers.map(({ input }) => readTyped(input, limit)),
    fill(hidden) {
      for (const layer of layers) layer.element.remove();
      layers = [];
      for (const neurons of hidden) append(neurons);
      show();
    },
    wrong() {
      if (layers.length > max) return `At most ${max} layers.`;
      const index = firstWrong();
      return index === null ? "" : `Layer ${index + 1}: ${wrongWith(layers[index].input.value, limit).toLowerCase()}`;
    },
    target: () => layers[firstWrong() ?? 0]?.input ?? add,
  };
}
