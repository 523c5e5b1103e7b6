/** The rule of descent with the numbers of one parameter filled in: w_new = w_old - eta * gradient. */

import { capitalized, short, withMinus } from "../page/format.js";
import { part } from "../page/part.js";
import { parameterName } from "./parameter-name.js";

/**
 * @param {HTMLElement} element around templates/shared/rule.html
 */
export function mountRule(element) {
  const [name, eta, old, gradient, after] = ["name", "eta", "old", "gradient", "new"].map((place) =>
    part(element, place, Element),
  );
  const letters = element.querySelectorAll("[data-part=letter]");
  return {
    /**
     * @param {import("./parameter-name.js").Parameter | string} what a parameter, or words for something else
     * @param {{old: number, gradient: number, learningRate: number}} numbers
     * @param {string} [letter] that stands for it
     */
    show(what, { old: before, gradient: slope, learningRate }, letter = "w") {
      const words = typeof what === "string" ? what : parameterName(what);
      for (const place of letters) place.textContent = letter;
      name.textContent = capitalized(words);
      eta.textContent = short(learningRate);
      old.textContent = exact(before);
      gradient.textContent = slope < 0 ? `(${exact(slope)})` : exact(slope);
      after.textContent = exact(before - learningRate * slope);
    },
  };
}

/**
 * With five digits, since a step may change only the last ones.
 *
 * @param {number} number
 */
function exact(number) {
  const text =
    Math.abs(number) < 1e-4 && number !== 0 ? number.toExponential(2) : String(Number(number.toPrecision(5)));
  return withMinus(text);
}
