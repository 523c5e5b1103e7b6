/**
 * The fields of the form as controls that are filled, read and checked alike, each within an element
 * `data-setting="NAME"` that also has a place for what is wrong and a button back to what it was.
 *
 * @typedef {object} Control
 * @property {() => any} read the value; of one that is wrong, whatever was typed
 * @property {(value: any) => void} fill
 * @property {() => string} wrong what to change, "" when nothing is
 * @property {() => HTMLElement | null} target what takes the focus
 * @typedef {import("./run-form-limits.js").Limit} Limit
 */

import { wrongWith } from "./run-form-limits.js";
import { valueWords } from "./run-form-settings.js";

/** @param {HTMLInputElement} input @param {Limit} limit @returns {Control} */
export function numberControl(input, limit) {
  return {
    read: () => (input.value === "" ? null : Number(input.value)),
    fill: (value) => (input.value = value === null ? "" : String(value)),
    wrong: () => wrongWith(typedIn(input), limit),
    target: () => input,
  };
}

/** What is no number at all has no `value`. @param {HTMLInputElement} input */
export function typedIn(input) {
  return input.validity.badInput ? "no number" : input.value;
}

/** @param {HTMLSelectElement} select @returns {Control} */
export function choiceControl(select) {
  return {
    read: () => select.value || null,
    fill: (value) => (select.value = value ?? ""),
    // A link may name what there is not, and then nothing is chosen.
    wrong: () => (select.selectedIndex === -1 ? "Choose one." : ""),
    target: () => select,
  };
}

/** @param {HTMLInputElement} box @returns {Control} */
export function switchControl(box) {
  return {
    read: () => box.checked,
    fill: (value) => (box.checked = value),
    wrong: () => "",
    target: () => box,
  };
}

/**
 * The size of a batch, or the box for all images.
 *
 * @param {HTMLInputElement} input
 * @param {HTMLInputElement} box
 * @param {Limit} limit
 * @param {number} usual the size that is put in when the box is taken off and none was there
 * @returns {Control}
 */
export function batchControl(input, box, limit, usual) {
  const number = numberControl(input, { ...limit, optional: false });
  function show() {
    input.disabled = box.checked;
    if (!box.checked && typedIn(input) === "") input.value = String(usual);
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
 * What stands around a control.
 *
 * @param {HTMLElement} element with `data-setting`
 * @param {Control} control
 * @param {(value: any) => void} onBack
 */
export function mountSetting(element, control, onBack) {
  const name = element.dataset.setting;
  const label = element.querySelector("[data-part=label], label, legend").textContent.trim();
  const back = element.querySelector("[data-part=back]");
  const wrong = element.querySelector("[data-part=wrong]");
  let was = null;

  back.addEventListener("click", () => {
    onBack(was);
    control.target()?.focus(); // the button is gone
  });

  return {
    ...control,
    label,
    /** @param {boolean} isChanged @param {any} value that it had */
    mark(isChanged, value) {
      was = value;
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
      for (const field of element.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
      const target = control.target();
      // A radio button can't be invalid, only their group.
      if (sentence && target) (target.closest("[role=radiogroup]") ?? target).setAttribute("aria-invalid", "true");
    },
    get isTold() {
      return !wrong.hidden;
    },
  };
}
