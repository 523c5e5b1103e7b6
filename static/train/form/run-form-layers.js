/** The hidden layers as boxes in a chain from the pixels to the answers. */

import { copyOf } from "../../page/template.js";
import { typedIn } from "./run-form-fields.js";
import { wrongWith } from "./run-form-limits.js";

const FIRST = 16;

/**
 * @param {HTMLElement} element
 * @param {import("./run-form-limits.js").Limit} limit of the neurons of a layer
 * @param {number} most layers
 * @param {() => void} onChange when a layer has been added or removed
 * @returns {import("./run-form-fields.js").Control}
 */
export function layersControl(element, limit, most, onChange) {
  const chain = element.querySelector("[data-part=chain]");
  const end = chain.querySelector("[data-part=end]");
  const add = element.querySelector("[data-part=add]");
  /** @type {{element: HTMLElement, input: HTMLInputElement, number: (number: number) => void}[]} */
  let layers = [];

  function layerOf(neurons) {
    const { element, part } = copyOf("run-form-layer", {});
    const input = element.querySelector("input");
    input.value = String(neurons);
    const layer = {
      element,
      input,
      number(number) {
        input.id = `hidden-${number}`;
        part("label").htmlFor = input.id;
        part("label").textContent = `Layer ${number}`;
        part("remove").setAttribute("aria-label", `Remove layer ${number}`);
      },
    };
    part("remove").addEventListener("click", () => {
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

  function append(neurons) {
    const layer = layerOf(neurons);
    layers.push(layer);
    end.before(layer.element);
    return layer;
  }

  function show() {
    layers.forEach((layer, i) => layer.number(i + 1));
    add.disabled = layers.length >= most;
  }

  function firstWrong() {
    const index = layers.findIndex(({ input }) => wrongWith(typedIn(input), limit));
    return index === -1 ? null : index;
  }

  add.addEventListener("click", () => {
    const layer = append(Number(layers.at(-1)?.input.value) || FIRST);
    show();
    layer.input.focus();
    layer.input.select();
    onChange();
  });

  return {
    read: () => layers.map(({ input }) => (input.value === "" ? null : Number(input.value))),
    fill(hidden) {
      for (const layer of layers) layer.element.remove();
      layers = [];
      for (const neurons of hidden) append(neurons);
      show();
    },
    wrong() {
      if (layers.length > most) return `At most ${most} layers.`;
      const index = firstWrong();
      return index === null
        ? ""
        : `Layer ${index + 1}: ${wrongWith(typedIn(layers[index].input), limit).toLowerCase()}`;
    },
    target: () => layers[firstWrong() ?? 0]?.input ?? add,
  };
}
