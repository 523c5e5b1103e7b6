/** The names of a run's classes: the digits, or those of its data set. */

import { request } from "../../page/api.js";
import { isCollection } from "../run-words.js";

const DIGITS = [..."0123456789"];

/**
 * @param {string} dataset
 * @returns {Promise<string[]>} at most ten
 */
export async function readNames(dataset) {
  if (exampleSet(dataset) === "mnist") return DIGITS;
  try {
    return (await request(`datasets/${encodeURIComponent(dataset)}`)).classes;
  } catch {
    return DIGITS; // the data set may be gone; then the classes have numbers
  }
}

/**
 * The data set whose test images are the examples: MNIST for a room, since only the admin may see its drawings.
 *
 * @param {string} dataset
 */
export function exampleSet(dataset) {
  return isCollection(dataset) ? "mnist" : dataset;
}

/**
 * The address of the example of a class.
 *
 * @param {string} dataset
 * @param {number} index
 */
export function examplePath(dataset, index) {
  return dataset === "mnist"
    ? `examples/${index}.png`
    : `datasets/${encodeURIComponent(dataset)}/examples/${index}.png`;
}
