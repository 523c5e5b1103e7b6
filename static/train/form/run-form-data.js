/** The data sets to choose from, each with its classes and counts, or with the problem it has. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { datasetWords } from "./run-form-settings.js";

/**
 * @import {Dataset} from "../types.js"
 * @import {Control} from "./run-form-fields.js"
 *
 * @param {HTMLElement} element
 * @returns {Control<string> & {show: (found: Dataset[]) => void}}
 */
export function datasetControl(element) {
  const list = part(element, "sets");
  let chosen = "mnist";
  /** @type {Dataset[] | null} null until the server has answered */
  let datasets = null;

  const found = () => datasets?.find(({ name }) => name === chosen);

  /**
   * @param {string} name
   * @param {string} about
   * @param {boolean} isOff
   */
  function radioOf(name, about, isOff) {
    const { element: label } = copyOf("run-form-set", { title: name === "mnist" ? "MNIST" : name, about });
    const radio = one(label, "input", HTMLInputElement);
    radio.value = name;
    radio.checked = name === chosen && !isOff;
    radio.disabled = isOff;
    return label;
  }

  function draw() {
    if (datasets)
      list.replaceChildren(...datasets.map((set) => radioOf(set.name, datasetWords(set), set.problem !== null)));
    else list.replaceChildren(radioOf(chosen, "", false));
  }

  list.addEventListener("input", ({ target }) => {
    chosen = /** @type {HTMLInputElement} */ (target).value;
  });
  draw();

  return {
    read: () => chosen,
    fill(name) {
      chosen = name;
      draw();
    },
    wrong() {
      if (!datasets) return ""; // the server will check it
      const set = found();
      if (!set) return `There is no data set “${chosen}” here. Choose another.`;
      return set.problem ? `“${chosen}” can't be used. Choose another.` : "";
    },
    target: () => list.querySelector("input:checked") ?? list.querySelector("input:enabled"),
    show(found) {
      datasets = found;
      draw();
    },
  };
}
