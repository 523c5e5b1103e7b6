/** A row of the form for a sweep: a setting to vary, and its values. */

import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { SUGGESTED } from "./sweep-plan.js";
import { fieldLabel, valueText } from "./sweep-words.js";

/**
 * @import {Setting} from "../types.js"
 * @typedef {{fields: string[], choices: Record<string, Setting[]>, ranges: string[]}} Offer the settings that can be
 *   varied, the options of those that have any, and those that can be drawn from a range
 * @typedef {ReturnType<typeof mountSweepRow>} SweepRow
 */

/** @type {Record<string, string>} */
const HINTS = { hidden: "such as 16-16 for two layers, 32, none", batch_size: "such as 16, 64, all" };

let count = 0;

/**
 * @param {Offer} offer
 * @param {string} first the setting that is chosen at first
 * @param {() => void} onRemove
 */
export function mountSweepRow(offer, first, onRemove) {
  const { element } = copyOf("sweep-setting", {});
  const [field, scale] = ["field", "scale"].map((name) => part(element, name, HTMLSelectElement));
  const [values, low, high] = ["values", "low", "high"].map((name) => part(element, name, HTMLInputElement));
  const [choices, remove] = ["choices", "remove"].map((name) => part(element, name));
  count++;
  for (const [name, control] of Object.entries({ field, scale, values, low, high })) {
    control.id = `sweep-${count}-${name}`;
    part(element, `${name}Label`, HTMLLabelElement).htmlFor = control.id;
  }
  for (const name of offer.fields) field.add(new Option(fieldLabel(name), name));
  field.value = first;

  function fill() {
    const name = field.value;
    const suggested = SUGGESTED[name] ?? {};
    values.value = suggested.text ?? "";
    low.value = suggested.low ?? "";
    high.value = suggested.high ?? "";
    scale.value = suggested.scale ?? "values";
    part(element, "valuesLabel").textContent = `Values, ${HINTS[name] ?? "with commas between"}`;
    remove.setAttribute("aria-label", `Remove ${fieldLabel(name)}`);
    const boxes = (offer.choices[name] ?? []).map((value) => {
      const { element: box } = copyOf("sweep-choice", { text: valueText(name, value) });
      one(box, "input", HTMLInputElement).checked = true;
      return box;
    });
    choices.replaceChildren(one(choices, "legend"), ...boxes);
  }

  field.addEventListener("change", fill);
  remove.addEventListener("click", () => {
    element.remove();
    onRemove();
  });
  fill();

  return {
    element,
    get field() {
      return field.value;
    },
    focus: () => field.focus(),
    /**
     * Shows the controls that the method and the setting need.
     *
     * @param {{isRandom: boolean, taken: string[]}} form `taken` are the settings of all rows
     */
    show({ isRandom, taken }) {
      const isChoice = field.value in offer.choices;
      const canRange = isRandom && offer.ranges.includes(field.value);
      const isRange = canRange && scale.value !== "values";
      part(element, "how").hidden = !canRange;
      choices.hidden = !isChoice;
      part(element, "list").hidden = isChoice || isRange;
      for (const name of ["lowField", "highField"]) part(element, name).hidden = !isRange;
      for (const option of field.options) {
        option.disabled = option.value !== field.value && taken.includes(option.value);
      }
      remove.hidden = taken.length === 1;
    },
    /** @returns {import("./sweep-plan.js").Row} */
    read() {
      const boxes = all(choices, "input", HTMLInputElement);
      const chosen = (offer.choices[field.value] ?? []).filter((_, i) => boxes[i].checked);
      return { field: field.value, scale: scale.value, text: values.value, chosen, low: low.value, high: high.value };
    },
  };
}
