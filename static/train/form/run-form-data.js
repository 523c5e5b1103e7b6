/** The sets of images to choose from, each with its classes and counts, or with what hinders. */

import { copyOf } from "../../page/template.js";
import { datasetWords } from "./run-form-settings.js";

/**
 * @typedef {{name: string, classes: string[], training: number, held_out: number, test: number, problem: string | null}} Dataset
 *
 * @param {HTMLElement} element
 * @returns {import("./run-form-fields.js").Control & {show: (found: Dataset[]) => void, images: () => Dataset | undefined}}
 */
export function datasetControl(element) {
  const list = element.querySelector("[data-part=sets]");
  let chosen = "mnist";
  /** @type {Dataset[] | null} null until the server has told */
  let datasets = null;

  const found = () => datasets?.find(({ name }) => name === chosen);

  function radioOf(name, about, isOff) {
    const { element: label } = copyOf("run-form-set", { title: name === "mnist" ? "MNIST" : name, about });
    const radio = label.querySelector("input");
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

  list.addEventListener("input", (event) => (chosen = event.target.value));
  draw();

  return {
    read: () => chosen,
    fill(name) {
      chosen = name;
      draw();
    },
    wrong() {
      if (!datasets) return ""; // the server will say it
      const set = found();
      if (!set) return `There is no data set “${chosen}” here. Choose another.`;
      return set.problem ? `“${chosen}” can't be used. Choose another.` : "";
    },
    target: () => list.querySelector("input:checked") ?? list.querySelector("input:enabled"),
    show(told) {
      datasets = told;
      draw();
    },
    /** Undefined while it is not known how many there are. */
    images: () => {
      const set = found();
      return set?.problem === null ? set : undefined;
    },
  };
}
