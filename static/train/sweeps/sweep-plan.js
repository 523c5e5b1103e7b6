/** Turns the fields of the form for a sweep into a plan for the server. */

/**
 * @import {Setting} from "../types.js"
 * @typedef {{field: string, scale: string, text: string, chosen: Setting[], low: string, high: string}} Row a setting to
 *   vary: `scale` is "values", "linear" or "log", `text` a list with commas, `chosen` are the ticked boxes, `low` and
 *   `high` the ends of a range
 * @typedef {{base: string, dataset: string, epochs: string, method: string, runs: string, seed: string, parallel: string}}
 *   Fields
 */

/** The first values of a row, near which good ones are usually found. @type {Record<string, Partial<Row>>} */
export const SUGGESTED = {
  hidden: { text: "16-16, 32, 64-32" },
  learning_rate: { text: "0.001, 0.004, 0.02", low: "0.0005", high: "0.05", scale: "log" },
  batch_size: { text: "16, 64, 256", low: "8", high: "512", scale: "log" },
  epochs: { text: "1, 2, 4", low: "1", high: "8", scale: "linear" },
  seed: { text: "0, 1, 2", low: "0", high: "1000", scale: "linear" },
  weight_decay: { text: "0, 0.01, 0.1", low: "0.001", high: "0.3", scale: "log" },
};

/**
 * @param {Fields} fields
 * @param {Row[]} rows
 * @returns {object} text that is not a number is kept, so that the server says what is wrong with it
 */
export function planOf({ base, dataset, epochs, method, runs, seed, parallel }, rows) {
  const vary = Object.fromEntries(rows.map((row) => [row.field, variedOf(row, method)]));
  const random = method === "random" ? { runs: numberOf(runs), seed: numberOf(seed) } : {};
  const shared = { preset: base, dataset, epochs: numberOf(epochs) };
  return { base: shared, method, vary, parallel: numberOf(parallel), ...random };
}

/**
 * @param {Row} row
 * @param {string} method
 */
function variedOf({ field, scale, text, chosen, low, high }, method) {
  if (chosen.length > 0) return { values: chosen };
  if (method === "random" && scale !== "values") return { low: numberOf(low), high: numberOf(high), scale };
  const parts = text.split(",").map((part) => part.trim());
  return { values: parts.filter(Boolean).map((part) => (field === "hidden" ? layersOf(part) : listed(field, part))) };
}

/** "16-16" for two layers of 16 neurons, "none" for no hidden layer. @param {string} part */
function layersOf(part) {
  return part === "none" ? [] : part.split("-").map((size) => numberOf(size.trim()));
}

/**
 * @param {string} field
 * @param {string} part
 */
function listed(field, part) {
  return field === "batch_size" && part === "all" ? null : numberOf(part);
}

/** @param {string} text */
function numberOf(text) {
  const trimmed = text.trim();
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
