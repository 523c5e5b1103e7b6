/** Numbers in the shape of the layers (weights or a gradient) as pictures with cells to pick. */

import { gridWords } from "../charts/grid-words.js";
import { heatColours, largest } from "../charts/heat-colours.js";
import { mountHeatMap, paintHeatMap } from "../charts/heat-map.js";
import { contextOf } from "../page/canvas.js";
import { short } from "../page/format.js";
import { part } from "../page/part.js";
import { onNewColours } from "../page/repainting.js";
import { copyOf } from "../page/template.js";
import { valueAt } from "./parameter-address.js";
import { neuronName, parameterName } from "./parameter-name.js";
import { mountParameterPicker } from "./parameter-picker.js";

/**
 * @typedef {import("./parameter-name.js").Parameter} Parameter
 * @typedef {{weights: number[][], biases: number[]}} Layer
 */

const SIDE = 28;
const TILE = 56;
const KEYS = "Arrow keys move, Enter picks one.";
// As a share of the layer's largest number: paler cells look like paper.
const VISIBLE = 0.04;

/**
 * @param {HTMLElement} element around templates/shared/layer-pictures.html
 * @param {(parameter: Parameter) => void} onPick
 * @param {{strongestFirst?: boolean}} [options] strongestFirst: until a neuron of the first layer is chosen, the large
 *   picture is that of the one with the largest number
 */
export function mountLayerPictures(element, onPick, { strongestFirst = false } = {}) {
  const [tiles, scaleWords, under, neuronTitle, neuronNote] = [
    ...["tiles", "scale", "under", "neuron-title", "neuron-note"],
  ].map((name) => part(element, name));
  const hint = under.textContent;
  const picker = mountParameterPicker(part(element, "choice"), onPick);
  /** @type {Layer[]} */
  let layers = [];
  /** @type {Parameter} */
  let picked = { layer: 1, neuron: 0, input: null };
  let neuron = 0;
  let isChosen = !strongestFirst;

  const buttons = Array.from({ length: 16 }, (_, index) => {
    const { element: item } = copyOf("layer-tile", {});
    const button = item.querySelector("button");
    button.addEventListener("click", () => {
      neuron = index;
      isChosen = true;
      showFirst();
    });
    tiles.append(item);
    return button;
  });

  /**
   * @param {string} name of its part
   * @param {number} columns
   * @param {number} rows
   * @param {(index: number) => Parameter} parameterAt
   * @param {string} label
   */
  function grid(name, columns, rows, parameterAt, label) {
    /** @param {number} index */
    const describe = (index) => {
      if (layers.length === 0) return "";
      const parameter = parameterAt(index);
      return `${parameterName(parameter)}: ${short(valueAt(layers, parameter))}`;
    };
    return mountHeatMap(part(element, name), {
      label,
      columns,
      rows,
      onPick: (index) => onPick(parameterAt(index)),
      onHover: (index) => {
        under.textContent = (index !== null && describe(index)) || hint;
      },
      describe,
    });
  }

  const biasLabel = `The biases, one a neuron. ${KEYS}`;
  const grids = {
    pixels: grid("pixels", SIDE, SIDE, (i) => ({ layer: 1, neuron, input: i }), "The weights of one neuron"),
    second: grid(
      "second",
      16,
      16,
      (i) => ({ layer: 2, neuron: Math.floor(i / 16), input: i % 16 }),
      "16 by 16 weights",
    ),
    third: grid("third", 16, 10, (i) => ({ layer: 3, neuron: Math.floor(i / 16), input: i % 16 }), "10 by 16 weights"),
    biases: [1, 2, 3].map((layer) =>
      grid(`bias-${layer}`, layer === 3 ? 10 : 16, 1, (i) => ({ layer, neuron: i, input: null }), biasLabel),
    ),
  };

  /**
   * @param {number} layer
   * @param {boolean} isBias
   * @param {(parameter: Parameter) => number | null} indexOf
   */
  function pickedIn(layer, isBias, indexOf) {
    return picked.layer === layer && (picked.input === null) === isBias ? indexOf(picked) : null;
  }

  function showFirst() {
    if (layers.length === 0) return;
    const { weights } = layers[0];
    const sizes = weights.map(largest);
    const scale = Math.max(...sizes);
    if (!isChosen) neuron = sizes.indexOf(scale);
    const colours = heatColours(element);
    buttons.forEach((button, index) => {
      const isEmpty = sizes[index] <= VISIBLE * scale;
      button.ariaPressed = String(index === neuron);
      button.ariaLabel = `Look at ${neuronName(1, index)}${isEmpty ? ", almost 0" : ""}`;
      part(button, "empty").hidden = !isEmpty;
      const canvas = button.querySelector("canvas");
      const side = Math.round(TILE * Math.max(1, devicePixelRatio));
      canvas.width = canvas.height = side;
      const place = { x: 0, y: 0, width: side, height: side };
      const size = { columns: SIDE, rows: SIDE };
      paintHeatMap(contextOf(canvas), weights[index], size, place, { signed: true, scale, colours });
    });
    neuronTitle.textContent = `Into ${neuronName(1, neuron)}`;
    neuronNote.textContent = noteOf(sizes[neuron], scale);
    grids.pixels.show(weights[neuron], {
      signed: true,
      scale,
      picked: pickedIn(1, false, (parameter) => (parameter.neuron === neuron ? parameter.input : null)),
      summary: `28 by 28 numbers into ${neuronName(1, neuron)}. ${gridWords(weights[neuron], SIDE)} ${KEYS}`,
    });
  }

  function showLater() {
    [grids.second, grids.third].forEach((map, i) => {
      const layer = i + 2;
      const values = layers[layer - 1].weights.flat();
      map.show(values, {
        signed: true,
        picked: pickedIn(layer, false, (parameter) => parameter.neuron * 16 + parameter.input),
        summary: `${layers[layer - 1].biases.length} by 16 numbers. ${gridWords(values, 16)} ${KEYS}`,
      });
    });
    grids.biases.forEach((map, i) => {
      const { biases } = layers[i];
      const summary = `The biases of layer ${i + 1}. ${gridWords(biases, biases.length)} ${KEYS}`;
      map.show(biases, {
        signed: true,
        picked: pickedIn(i + 1, true, (parameter) => parameter.neuron),
        summary,
      });
    });
    const scales = layers.map(({ weights }) => short(Math.max(...weights.map(largest))));
    scaleWords.textContent = `Strongest colour at ${scales[0]} in the first layer, ${scales[1]} in the second, ${scales[2]} in the last.`;
  }

  onNewColours(showFirst);

  return {
    /**
     * @param {Layer[]} next
     * @param {Parameter} chosen
     */
    show(next, chosen) {
      const isOther = chosen.layer !== picked.layer || chosen.neuron !== picked.neuron;
      [layers, picked] = [next, chosen];
      if (isOther && chosen.layer === 1) {
        neuron = chosen.neuron;
        isChosen = true;
      }
      picker.show(picked);
      showFirst();
      showLater();
    },
  };
}

/**
 * @param {number} size the largest value of the neuron
 * @param {number} scale the largest of the layer
 */
function noteOf(size, scale) {
  if (size === 0) return "All are 0.";
  return `Largest value: ${short(size)}${size <= VISIBLE * scale ? ", too small to see" : ""}.`;
}
