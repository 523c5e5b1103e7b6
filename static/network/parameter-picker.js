/** Three lists that choose a parameter by its place, for fingers: the cells of the pictures are small. */

import { capitalized } from "../page/format.js";
import { part } from "../page/part.js";
import { SIZES } from "./parameter-address.js";
import { neuronName } from "./parameter-name.js";

/** @typedef {import("./parameter-name.js").Parameter} Parameter */

const SIDE = 28;
const BIAS = "bias";

/**
 * @param {HTMLElement} element with three selects
 * @param {(parameter: Parameter) => void} onPick
 */
export function mountParameterPicker(element, onPick) {
  const [into, from, column] = ["into", "from", "column"].map((name) => part(element, name, HTMLSelectElement));
  const columnLabel = part(element, "column-label");
  let layer = 0;

  /**
   * @param {HTMLSelectElement} select
   * @param {[value: string, text: string][]} options
   */
  function fill(select, options) {
    select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  }

  /** @param {number} next */
  function showLayer(next) {
    if (layer === next) return;
    layer = next;
    const count = layer === 1 ? SIDE : SIZES[layer - 1];
    const what = layer === 1 ? "pixel row" : "neuron";
    const places = Array.from(
      { length: count },
      (_, i) => /** @type {[string, string]} */ ([`${i}`, `${what} ${i + 1}`]),
    );
    fill(from, [...places, [BIAS, "its bias"]]);
  }

  /** @returns {Parameter} */
  function chosen() {
    const [toLayer, neuron] = into.value.split(".").map(Number);
    // From a row to a neuron, or back, the same place means another thing: the first one is taken.
    const isSameKind = (toLayer === 1) === (layer === 1);
    const at = isSameKind ? from.value : from.value === BIAS ? BIAS : "0";
    if (at === BIAS) return { layer: toLayer, neuron, input: null };
    return { layer: toLayer, neuron, input: toLayer === 1 ? Number(at) * SIDE + Number(column.value) : Number(at) };
  }

  const neurons = SIZES.slice(1).flatMap((size, i) =>
    Array.from(
      { length: size },
      (_, neuron) => /** @type {[string, string]} */ ([`${i + 1}.${neuron}`, capitalized(neuronName(i + 1, neuron))]),
    ),
  );
  fill(into, neurons);
  fill(
    column,
    Array.from({ length: SIDE }, (_, i) => [`${i}`, `${i + 1}`]),
  );
  element.addEventListener("change", () => onPick(chosen()));

  return {
    /** @param {Parameter} parameter */
    show({ layer: next, neuron, input }) {
      showLayer(next);
      into.value = `${next}.${neuron}`;
      from.value = input === null ? BIAS : String(next === 1 ? Math.floor(input / SIDE) : input);
      columnLabel.hidden = next !== 1 || input === null;
      if (next === 1 && input !== null) column.value = String(input % SIDE);
    },
  };
}
