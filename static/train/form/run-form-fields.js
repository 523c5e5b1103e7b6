/**
 * The fields of the form as controls with one interface, each within an element `data-setting="NAME"` that also has a
 * place for what is wrong and a button that resets it.
 */

import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { typedNumber } from "../../page/typed-number.js";
import { wrongWith } from "./run-form-limits.js";
import { valueWords } from "./run-form-settings.js";

/**
 * @import {Setting} from "../types.js"
 * @import {Limit} from "./run-form-limits.js"
 */

/**
 * @template [T=any] the type of the setting
 * @typedef {object} Control
 * @property {() => T} read the value, even when it is wrong
 * @property {(value: T) => void} fill
 * @property {() => string} wrong what to change, "" when nothing is wrong
 * @property {() => HTMLElement | null} target the element to focus
 */

/** @param {HTMLInputElement} input @param {Limit} limit @returns {Control<number | null>} */
export function numberControl(input, limit) {
  return {
    read: () => readTyped(input, limit),
    fill: (value) => (input.value = value === null ? "" : String(value)),
    wrong: () => wrongWith(input.value, limit),
    target: () => input,
  };
}

/** @param {HTMLInputElement} input @param {Limit} limit @returns {number | null} null for what is no number */
export function readTyped(input, { whole }) {
  const number = typedNumber(input.value, whole);
  return Number.isNaN(number) ? null : number;
}

/** @param {HTMLSelectElement} select @returns {Control<string | null>} */
export function choiceControl(select) {
  return {
    read: () => select.value || null,
    fill: (value) => (select.value = value ?? ""),
    // A link may name an option that does not exist; then nothing is chosen.
    wrong: () => (select.selectedIndex === -1 ? "Choose one." : ""),
    target: () => select,
  };
}

/** @param {HTMLInputElement} box @returns {Control<boolean>} */
export function switchControl(box) {
  return {
    read: () => box.checked,
    fill: (value) => (box.checked = value),
    wrong: () => "",
    target: () => box,
  };
}

/**
 * The batch size, or the box for all images.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLInputElement} box
 * @param {Limit} limit
 * @param {number | null} fallback the size to fill in when the box is cleared and the field is empty
 * @returns {Control<number | null>}
 */
export function batchControl(input, box, limit, fallback) {
  const number = numberControl(input, { ...limit, optional: false });
  function show() {
    input.disabled = box.checked;
    if (!box.checked && input.value.trim() === "") input.value = String(fallback);
  }
  box.addEventListener("input", show);
  return {
    read: () => (box.checked ? null : number.read()),
    fill(value) {
      box.checked = value === null;
      number.fill(value);
      show();
    },
    wrong: () => (box.checked ? "" : number.wrong()),
    target: () => (box.checked ? box : input),
  };
}

/**
 * A control with its label, the button that resets it, and the sentence on what is wrong.
 *
 * @param {HTMLElement} element with `data-setting`
 * @param {Control} control
 * @param {(value: Setting) => void} onReset
 */
export function mountSetting(element, control, onReset) {
  const name = element.dataset.setting ?? "";
  const label = one(element, "[data-part=label], label, legend").textContent.trim();
  const back = part(element, "back");
  const wrong = part(element, "wrong");
  /** @type {Setting} */
  let base = null;

  back.addEventListener("click", () => {
    onReset(base);
    control.target()?.focus(); // the button is hidden now
  });

  return {
    ...control,
    label,
    /** @param {boolean} isChanged @param {Setting} value to reset it to */
    mark(isChanged, value) {
      base = value;
      element.toggleAttribute("data-changed", isChanged);
      back.hidden = !isChanged;
      const words = `Back to ${valueWords(name, value)}`;
      back.textContent = words;
      back.setAttribute("aria-label", `${words}: ${label}`);
    },
    /** @param {string} [sentence] or "" */
    say(sentence = control.wrong()) {
      wrong.textContent = sentence;
      wrong.hidden = sentence === "";
      for (const field of all(element, "[aria-invalid]")) field.removeAttribute("aria-invalid");
      const target = control.target();
      // Only the group of radio buttons can be invalid, not a single one.
      if (sentence && target) (target.closest("[role=radiogroup]") ?? target).setAttribute("aria-invalid", "true");
    },
    get isMarkedWrong() {
      return !wrong.hidden;
    },
  };
}
