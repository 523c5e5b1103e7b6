/** The learning rate: a logarithmic slider, and a field for exact numbers. */

import { short } from "../../page/format.js";
import { part } from "../../page/part.js";
import { numberIn } from "../../page/typed-number.js";

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
  field.addEventListener("input", () => {
    isTyped = true;
  });
  field.addEventListener("change", () => {
    isTyped = false;
    const rate = numberIn(field);
    if (isRate(rate)) onChange(rate);
    else field.value = String(shown);
  });

  return {
    /** @param {number} rate */
    show(rate) {
      shown = rate;
      if (Number((10 ** Number(slider.value)).toPrecision(DIGITS)) !== rate) slider.value = String(Math.log10(rate));
      slider.setAttribute("aria-valuetext", short(rate));
      // Don't replace a number while it is typed.
      if (!isTyped && numberIn(field) !== rate) field.value = String(rate);
    },
  };
}

/**
 * Whether the server accepts this learning rate.
 *
 * @param {number} rate
 */
export function isRate(rate) {
  return rate > 0 && rate <= 1000;
}
