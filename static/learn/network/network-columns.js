/** The layers as columns of activations, with a line for the chosen weight. */

import { mountHeatMap } from "../../charts/heat-map.js";
import { pixelName } from "../../network/parameter-name.js";
import { percent } from "../../page/format.js";
import { part } from "../../page/part.js";

/**
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 * @typedef {{weighted_inputs: number[][], activations: number[][], probabilities: number[], digit: number,
 *   confidence: number}} Answer of lessons/forward
 * @typedef {{pixels: number[], changes: import("./network-changes.js").Change[], before: Answer, now: Answer}} Shown
 *   one digit, 784 numbers in 0..1, and the answers to it as trained and with the changes
 */

const SIDE = 28;
// Always one decimal, so that the decimal points of a column are below each other.
const COMPACT = new Intl.NumberFormat("en", {
  notation: "compact",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/**
 * @param {HTMLElement} element
 * @param {(pixel: number) => void} onPickPixel
 */
export function mountColumns(element, onPickPixel) {
  const [under, holder] = ["pixel", "input"].map((name) => part(element, name));
  const wire = part(element, "wire", SVGLineElement);
  const columns = [1, 2, 3].map((layer) => [...part(element, `layer-${layer}`).children]);
  /** @type {number[]} */
  let input = [];
  /** @type {Parameter | null} */
  let picked = null;

  /** @param {number} pixel */
  const wordsOf = (pixel) => (input.length > 0 ? `${pixelName(pixel)}: ${input[pixel].toFixed(2)}` : "");
  const picture = mountHeatMap(holder, {
    label: "Your digit, 28 by 28 pixels. Arrow keys move, Enter chooses a weight of a pixel. Now:",
    columns: SIDE,
    rows: SIDE,
    onPick: onPickPixel,
    onHover: (pixel) => {
      under.textContent = pixel === null ? "" : wordsOf(pixel);
    },
    describe: wordsOf,
  });

  function showPixels() {
    picture.show(input, { signed: false, scale: 1, picked: picked?.layer === 1 ? picked.input : null });
  }

  /**
   * @param {0 | 1} layer
   * @param {Shown | null} shown
   */
  function showNeurons(layer, shown) {
    const [before, now] = [shown?.before, shown?.now].map((answer) => answer?.activations[layer]);
    const largest = now && Math.max(...now.map(Math.abs), Number.MIN_VALUE);
    columns[layer].forEach((item, i) => {
      const light = part(item, "light");
      light.dataset.sign = now?.[i] < 0 ? "negative" : "positive";
      light.style.setProperty("--strength", String(now ? Math.abs(now[i]) / largest : 0));
      part(item, "activation").textContent = now ? COMPACT.format(now[i]).replace("-0.0", "0.0").replace("-", "−") : "";
      item.classList.toggle("is-changed", before?.[i] !== now?.[i]);
    });
  }

  /** @param {Shown | null} shown */
  function showOutputs(shown) {
    const { before, now } = shown ?? {};
    columns[2].forEach((item, digit) => {
      part(item, "bar").style.inlineSize = `${(now?.probabilities[digit] ?? 0) * 100}%`;
      part(item, "before").style.insetInlineStart = `${(before?.probabilities[digit] ?? 0) * 100}%`;
      part(item, "percent").textContent = now ? percent(now.probabilities[digit]) : "";
      item.classList.toggle("is-likeliest", digit === now?.digit);
    });
  }

  function placeWire() {
    const target = picked && columns[picked.layer - 1][picked.neuron];
    for (const item of columns.flat()) item.classList.toggle("is-target", item === target);
    wire.parentElement.classList.toggle("is-away", !picked || picked.input === null);
    if (!picked || picked.input === null) return;
    const frame = element.getBoundingClientRect();
    const [x1, y1] = picked.layer === 1 ? pixelPlace(picked.input) : endOf(columns[picked.layer - 2][picked.input]);
    const to = target.getBoundingClientRect();
    const ends = { x1, y1, x2: to.left, y2: (to.top + to.bottom) / 2 };
    for (const [name, value] of Object.entries(ends)) {
      wire.setAttribute(name, (value - (name.startsWith("x") ? frame.left : frame.top)).toFixed(1));
    }
  }

  /** @param {number} pixel */
  function pixelPlace(pixel) {
    const { left, top, width, height } = holder.querySelector("canvas").getBoundingClientRect();
    const [column, row] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    return [left + ((column + 0.5) * width) / SIDE, top + ((row + 0.5) * height) / SIDE];
  }

  /** @param {Element} item */
  function endOf(item) {
    const { right, top, bottom } = item.getBoundingClientRect();
    return [right, (top + bottom) / 2];
  }

  new ResizeObserver(placeWire).observe(element);

  return {
    /** @param {Shown | null} shown null when nothing is drawn */
    show(shown) {
      input = shown?.pixels ?? [];
      showPixels();
      element.classList.toggle("is-turned", Boolean(shown?.changes.length));
      showNeurons(0, shown);
      showNeurons(1, shown);
      showOutputs(shown);
    },
    /** @param {Parameter} parameter */
    point(parameter) {
      picked = parameter;
      showPixels();
      placeWire();
    },
  };
}
