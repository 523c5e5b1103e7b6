/** What the page shows of an answer: the words, the pixels, the neurons and the ten bars. */

import { confidenceIn } from "../network/confidence.js";
import { percent, short } from "../page/numbers.js";
import { SIDE } from "./placement.js";

/**
 * @typedef {{input: number[], activations: number[][], probabilities: number[], digit: number,
 *   confidence: number}} Answer
 *
 * @param {{names: string[], sure_from: number, sizes: number[]}} about the network
 */
export function mountViews({ names, sure_from, sizes }) {
  const [digit, sentence, seen] = ["digit", "sentence", "seen"].map((id) => document.getElementById(id));
  const layers = document.getElementById("layers");
  const hidden = sizes.slice(1, -1).map((size, l) => {
    const discs = Array.from({ length: size }, () => element("span", { className: "disc" }));
    const picture = element("div", { className: "neurons" }, { role: "img" });
    picture.append(...discs);
    layers.append(element("h3", { textContent: `Hidden layer ${l + 1}: ${size} neurons` }), picture);
    return { picture, discs };
  });
  const bars = names.map((name) => {
    const [bar, share] = ["bar", "share"].map((className) => element("span", { className }));
    const row = element("li");
    row.append(element("span", { textContent: name }), bar, share);
    document.getElementById("bars").append(row);
    return { row, bar, share };
  });

  /** @param {Answer | null} answer null while nothing is drawn */
  return (answer) => {
    digit.textContent = answer ? names[answer.digit] : "";
    digit.style.setProperty("--letters", String(digit.textContent.length));
    sentence.textContent = answer ? confidenceIn(answer, sure_from, names) : "The network answers while you draw.";
    seen.hidden = !answer;
    if (answer) paintPixels(seen.querySelector("canvas"), answer.input);
    for (const [l, { picture, discs }] of hidden.entries()) {
      const a = answer?.activations[l + 1] ?? [];
      const largest = Math.max(...a.map(Math.abs)) || 1;
      for (const [j, disc] of discs.entries()) {
        // The area of the disc is in proportion to the activation. Below 0 it is a ring.
        disc.style.setProperty("--size", String(Math.sqrt(Math.abs(a[j] ?? 0) / largest)));
        disc.classList.toggle("is-negative", a[j] < 0);
        disc.title = answer ? `neuron ${j + 1}: ${short(a[j])}` : "";
      }
      const most = a.indexOf(Math.max(...a));
      picture.setAttribute(
        "aria-label",
        answer ? `The most active is neuron ${most + 1}, with ${short(a[most])}.` : "No neuron is active.",
      );
    }
    for (const [j, { row, bar, share }] of bars.entries()) {
      row.classList.toggle("is-likeliest", j === answer?.digit);
      bar.style.setProperty("--share", String(answer?.probabilities[j] ?? 0));
      share.textContent = answer ? percent(answer.probabilities[j]) : "";
    }
  };
}

/**
 * @param {HTMLCanvasElement} canvas of 28 x 28 pixels, which the style sheet enlarges
 * @param {number[]} pixels 784 of them, 0 = paper and 1 = ink
 */
export function paintPixels(canvas, pixels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const shade = 255 * pixels[i];
    image.data.set([shade, shade, shade, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties]
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
