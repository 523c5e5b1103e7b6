/** The layers as columns of activations, with what leads from one chosen number to the neuron that it belongs to. */

import { mountHeatMap } from "../../charts/heat-map.js";
import { pixelName } from "../../network/parameter-name.js";
import { percent } from "../../page/format.js";

/**
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 * @typedef {{weighted_inputs: number[][], activations: number[][], probabilities: number[], digit: number,
 *   confidence: number}} Answer of lessons/forward
 * @typedef {{pixels: number[], changes: import("./network-changes.js").Change[], before: Answer, now: Answer}} Shown
 *   one digit, 784 numbers in 0..1, and what the network makes of it as trained and with the changes
 */

const SIDE = 28;
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1, signDisplay: "negative" });

/**
 * @param {HTMLElement} element
 * @param {(pixel: number) => void} onPickPixel
 */
export function mountColumns(element, onPickPixel) {
  const part = (name) => element.querySelector(`[data-part=${name}]`);
  const [under, holder, wire] = ["pixel", "input", "wire"].map(part);
  const columns = [1, 2, 3].map((layer) => [...part(`layer-${layer}`).children]);
  let input = [];
  /** @type {Parameter | null} */
  let picked = null;

  const told = (pixel) => (input.length > 0 ? `${pixelName(pixel)}: ${input[pixel].toFixed(2)}` : "");
  const picture = mountHeatMap(holder, {
    label: "Your digit, 28 by 28 pixels. Arrow keys move, Enter picks the weight that leads on from a pixel.",
    columns: SIDE,
    rows: SIDE,
    onPick: onPickPixel,
    onHover: (pixel) => (under.textContent = pixel === null ? "" : told(pixel)),
    describe: told,
  });

  function showPixels() {
    picture.show(input, { signed: false, scale: 1, picked: picked?.layer === 1 ? picked.input : null });
  }

  function showNeurons(items, before, now) {
    const largest = Math.max(...now.map(Math.abs), Number.MIN_VALUE);
    items.forEach((item, i) => {
      const [light, number] = item.children;
      light.dataset.sign = now[i] < 0 ? "negative" : "positive";
      light.style.setProperty("--strength", String(Math.abs(now[i]) / largest));
      number.textContent = COMPACT.format(now[i]).replace("-", "−");
      item.classList.toggle("is-changed", before[i] !== now[i]);
    });
  }

  function showOutputs(items, before, now) {
    items.forEach((item, digit) => {
      const share = now.probabilities[digit];
      item.querySelector(".bar").style.inlineSize = `${share * 100}%`;
      item.querySelector(".bar-mark").style.insetInlineStart = `${before.probabilities[digit] * 100}%`;
      item.querySelector(".bar-share").textContent = percent(share);
      item.classList.toggle("is-likeliest", digit === now.digit);
    });
  }

  function clear() {
    for (const item of columns.slice(0, 2).flat()) {
      const [light, number] = item.children;
      light.style.setProperty("--strength", "0");
      number.textContent = "";
      item.classList.remove("is-changed");
    }
    for (const item of columns[2]) {
      item.querySelector(".bar").style.inlineSize = "0";
      item.querySelector(".bar-mark").style.insetInlineStart = "0";
      item.querySelector(".bar-share").textContent = "";
      item.classList.remove("is-likeliest");
    }
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

  function pixelPlace(pixel) {
    const { left, top, width, height } = holder.querySelector("canvas").getBoundingClientRect();
    const middle = (place, length) => ((place + 0.5) * length) / SIDE;
    return [left + middle(pixel % SIDE, width), top + middle(Math.floor(pixel / SIDE), height)];
  }

  function endOf(item) {
    const { right, top, bottom } = item.getBoundingClientRect();
    return [right, (top + bottom) / 2];
  }

  new ResizeObserver(placeWire).observe(element);

  return {
    /** @param {Shown | null} shown null when there is no digit */
    show(shown) {
      input = shown?.pixels ?? [];
      showPixels();
      element.classList.toggle("is-turned", Boolean(shown?.changes.length));
      if (!shown) return clear();
      const { before, now } = shown;
      for (const layer of [0, 1]) showNeurons(columns[layer], before.activations[layer], now.activations[layer]);
      showOutputs(columns[2], before, now);
    },
    /** @param {Parameter} parameter */
    point(parameter) {
      picked = parameter;
      showPixels();
      placeWire();
    },
  };
}
