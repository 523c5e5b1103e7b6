/** The data sets to choose from, each with its classes and counts, or with the problem it has; and others beside it. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { datasetTitle, isCollection } from "../run-words.js";
import { datasetWords, isDigits } from "./run-form-settings.js";

/**
 * @import {Dataset} from "../types.js"
 * @import {Control} from "./run-form-fields.js"
 */

/** The controls of the settings that name a data set. @param {HTMLElement} form */
export function setControls(form) {
  return {
    dataset: datasetControl(one(form, "#dataset")),
    also: otherSetControl(one(form, "[data-setting=also]")),
    measured_on: otherSetControl(one(form, "[data-setting=measured_on]")),
  };
}

/**
 * @param {HTMLElement} element
 * @returns {Control<string> & {show: (found: Dataset[]) => void}}
 */
function datasetControl(element) {
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
    const { element: label } = copyOf("run-form-set", { title: datasetTitle(name), about });
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

/**
 * Another data set of digits, or none: only where there is a room or a correction, or where a link names one.
 *
 * @param {HTMLElement} element
 * @returns {Control<string | null> & {show: (found: Dataset[]) => void}}
 */
function otherSetControl(element) {
  const select = one(element, "select", HTMLSelectElement);
  const none = select.options[0];
  /** @type {string[] | null} null until the server has answered */
  let names = null;

  /** @param {string | null} chosen */
  function draw(chosen) {
    const offered = new Set(names?.some(isCollection) ? names : []);
    if (chosen) offered.add(chosen);
    select.replaceChildren(none, ...[...offered].map((name) => new Option(datasetTitle(name), name)));
    select.value = chosen ?? "";
    element.hidden = offered.size === 0;
  }

  return {
    read: () => select.value || null,
    fill: draw,
    wrong: () =>
      select.value && names && !names.includes(select.value) ? "It can't be used here. Choose another." : "",
    target: () => select,
    show(found) {
      names = found.filter((set) => set.problem === null && isDigits(set)).map(({ name }) => name);
      draw(select.value || null);
    },
  };
}
