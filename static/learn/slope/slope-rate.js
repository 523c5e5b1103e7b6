/** The learning rate: a slider that multiplies, since rates differ by factors, and a field for any other. */

import { short } from "../../page/format.js";
import { part } from "../../page/part.js";

const DIGITS = 2;

/**
 * @param {HTMLElement} element
 * @param {(rate: number) => void} onChange
 */
export function mountRate(element, onChange) {
  const [slider, field] = ["rate-slider", "rate-field"].map((name) => part(element, name, HTMLInputElement));
  let shown = 1;
  let isTyped = false;

  slider.addEventListener("input", () => onChange(Number((10 ** Number(slider.value)).toPrecision(DIGITS))));
  field.addEventListener("input", () => (isTyped = true));
  field.addEventListener("change", () => {
    isTyped = false;
    const rate = field.valueAsNumber;
    if (isRate(rate)) onChange(rate);
    else field.value = String(shown);
  });

  return {
    /** @param {number} rate */
    show(rate) {
      shown = rate;
      if (Number((10 ** Number(slider.value)).toPrecision(DIGITS)) !== rate) slider.value = String(Math.log10(rate));
      slider.setAttribute("aria-valuetext", short(rate));
      // What is half typed stays: an answer may come in the midst of it.
      if (!isTyped && field.valueAsNumber !== rate) field.value = String(rate);
    },
  };
}

/** What the server takes. */
export function isRate(rate) {
  return rate > 0 && rate <= 1000;
}
