/** A hundred digits, each on a background that is darker the higher its cost. */

import { mountHeatMap } from "../../charts/heat-map.js";
import { accuracy } from "../../page/format.js";
import { part } from "../../page/part.js";
import { numeral } from "./cost-numbers.js";

/**
 * @typedef {{label: number, digit: number, quadratic: number, cross_entropy: number}} ImageCost
 * @typedef {{images: number, quadratic: number, cross_entropy: number, accuracy: number}} Mean
 * @typedef {"quadratic" | "cross_entropy"} Kind
 */

const SIDE = 10;

/**
 * @param {Element} section of the template's macro `grid`
 * @param {(cell: number) => void} onPick
 */
export function mountGrid(section, onPick) {
  const title = section.querySelector("h3").textContent;
  const marks = [...part(section, "marks").children];
  /** @type {ImageCost[]} */
  let sample = [];
  /** @type {Kind} */
  let kind = "cross_entropy";

  const map = mountHeatMap(part(section, "shade"), {
    label: `${title}: a hundred digits`,
    columns: SIDE,
    rows: SIDE,
    onPick,
    describe: (cell) => (sample[cell] ? wordsOf(sample[cell]) : ""),
  });

  /** @param {ImageCost} image */
  function wordsOf(image) {
    return `A ${image.label}, read as ${image.digit}: cost ${numeral(image[kind])}`;
  }

  return {
    /**
     * @param {{mean: Mean, sample: ImageCost[]}} costs
     * @param {object} how
     * @param {Kind} how.kind
     * @param {number} how.max the cost with the darkest background
     * @param {number} how.picked
     */
    show(costs, { kind: nextKind, max, picked }) {
      kind = nextKind;
      sample = costs.sample;
      const wrong = sample.filter(({ label, digit }) => label !== digit).length;
      map.show(
        sample.map((image) => image[kind]),
        {
          signed: true,
          scale: max,
          summary: `${title}: a hundred digits, ${wrong} of them wrong. Arrow keys move, Enter chooses one.`,
        },
      );
      marks.forEach((mark, cell) => {
        mark.classList.toggle("is-wrong", sample[cell].label !== sample[cell].digit);
        mark.classList.toggle("is-picked", cell === picked);
      });
      for (const name of ["quadratic", "cross_entropy"]) part(section, name).textContent = numeral(costs.mean[name]);
      part(section, "accuracy").textContent = accuracy(costs.mean.accuracy);
    },
  };
}

/**
 * The index of the image with the highest cost.
 *
 * @param {ImageCost[]} sample
 * @param {Kind} kind
 */
export function costliest(sample, kind) {
  return sample.reduce((best, image, cell) => (image[kind] > sample[best][kind] ? cell : best), 0);
}
