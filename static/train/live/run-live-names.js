/** The classes that a run's network tells apart, by their names: the digits, or what its images show. */

import { request } from "../../page/api.js";

const DIGITS = [..."0123456789"];

/**
 * @param {string} dataset
 * @returns {Promise<string[]>} at most ten
 */
export async function readNames(dataset) {
  if (dataset === "mnist") return DIGITS;
  try {
    return (await request(`datasets/${encodeURIComponent(dataset)}`)).classes;
  } catch {
    return DIGITS; // its images may be gone since the run; the numbers of the classes are still right
  }
}

/**
 * Where the picture of a class is.
 *
 * @param {string} dataset
 * @param {number} index
 */
export function examplePath(dataset, index) {
  return dataset === "mnist"
    ? `examples/${index}.png`
    : `datasets/${encodeURIComponent(dataset)}/examples/${index}.png`;
}
