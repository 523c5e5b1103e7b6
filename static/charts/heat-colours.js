/**
 * The colours of pictures of numbers, and the number that gets the darkest one.
 *
 * @typedef {{paper: string, ink: string, positive: string, negative: string}} Colours
 */

import { custom } from "../page/canvas.js";

/**
 * The colours of the page around an element.
 *
 * @param {Element} element
 * @returns {Colours}
 */
export function heatColours(element) {
  const style = getComputedStyle(element);
  const [paper, ink, positive, negative] = ["--sheet", "--ink", "--accent", "--negative"].map((name) =>
    custom(style, name),
  );
  return { paper, ink, positive, negative };
}

/** @param {ArrayLike<number>} values */
export function largest(values) {
  let found = 0;
  for (let i = 0; i < values.length; i++) found = Math.max(found, Math.abs(values[i]));
  return found;
}
