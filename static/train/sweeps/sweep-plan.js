/** Turns the fields of the form for a sweep into a plan for the server. */

import { typedNumber } from "../../page/typed-number.js";

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

// The settings that are no whole numbers.
const DECIMALS = ["learning_rate", "weight_decay"];

/**
 * @param {Fields} fields
 * @param {Row[]} rows
 * @returns {object} text that is not a number is kept, so that the server says what is wrong with it
 */
export function planOf({ base, dataset, epochs, method, runs, seed, parallel }, rows) {
  const vary = Object.fromEntries(rows.map((row) => [row.field, variedOf(row, method)]));
  const random = method === "random" ? { runs: numberOf(runs, true), seed: numberOf(seed, true) } : {};
  const shared = { preset: base, dataset, epochs: numberOf(epochs, true) };
  return { base: shared, method, vary, parallel: numberOf(parallel, true), ...random };
}

/**
 * @param {Row} row
 * @param {string} method
 */
function variedOf({ field, scale, text, chosen, low, high }, method) {
  const isWhole = !DECIMALS.includes(field);
  if (chosen.length > 0) return { values: chosen };
  if (method === "random" && scale !== "values")
    return { low: numberOf(low, isWhole), high: numberOf(high, isWhole), scale };
  const parts = isWhole ? text.split(/[;,]/) : text.split(/;|,\s/).flatMap(decimalsOf);
  const values = parts.map((part) => part.trim()).filter(Boolean);
  return { values: values.map((part) => (field === "hidden" ? layersOf(part) : listed(field, part))) };
}

/**
 * A comma without a space behind it parts numbers, "0.1,0.2", or is a decimal comma, "0,1".
 *
 * @param {string} text
 */
function decimalsOf(text) {
  const commas = text.split(",").length - 1;
  return text.includes(".") || commas > 1 ? text.split(",") : [text];
}

/** "16-16" for two layers of 16 neurons, "none" for no hidden layer. @param {string} part */
function layersOf(part) {
  return part === "none" ? [] : part.split("-").map((size) => numberOf(size, true));
}

/**
 * @param {string} field
 * @param {string} part
 */
function listed(field, part) {
  return field === "batch_size" && part === "all" ? null : numberOf(part, !DECIMALS.includes(field));
}

/**
 * @param {string} text
 * @param {boolean} isWhole
 */
function numberOf(text, isWhole) {
  const number = typedNumber(text, isWhole);
  return Number.isNaN(number) ? text.trim() : number;
}
