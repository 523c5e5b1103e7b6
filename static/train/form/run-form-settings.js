/** The settings of a run compared, and in words. */

import { whole } from "../../page/format.js";

/**
 * @import {Dataset, Setting, Settings} from "../types.js"
 * @typedef {Pick<Settings, "rates" | "data_sha256" | "collection_sha256">} Kept settings of a link that have no field: they are shown, and can
 *   be removed
 */

/** The settings that name a data set. */
export const SETS = /** @type {const} */ (["dataset", "also", "measured_on"]);
/** @type {Kept} */
export const NONE_KEPT = { rates: [], data_sha256: null, collection_sha256: null };
export const KEPT_LABELS = {
  rates: "changes of the learning rate",
  data_sha256: "hash of the images",
  collection_sha256: "drawings of an earlier run",
};

/**
 * @param {Settings} settings
 * @param {Settings} base
 * @returns {(keyof Settings)[]} the names of the settings that differ, in their order
 */
export function changedIn(settings, base) {
  const names = /** @type {(keyof Settings)[]} */ (Object.keys(settings));
  return names.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(base[name]));
}

/**
 * What is kept, but no hash of images where other data sets are chosen now.
 *
 * @param {Kept} kept
 * @param {Settings} now
 * @param {Settings} base that it came with
 * @returns {Kept}
 */
export function stillKept(kept, now, base) {
  return {
    ...kept,
    data_sha256: now.dataset === base.dataset ? kept.data_sha256 : null,
    collection_sha256: SETS.every((name) => now[name] === base[name]) ? kept.collection_sha256 : null,
  };
}

/**
 * A value as the button that resets it names it.
 *
 * @param {string} name
 * @param {Setting} value
 */
export function valueWords(name, value) {
  if (Array.isArray(value)) return value.length > 0 ? value.join("-") : "no layer";
  if (name === "batch_size" && value === null) return "all images";
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
}

/**
 * The parameters of a network, as a sum over its layers: each neuron has a weight for each input, and a bias.
 *
 * @param {number[]} hidden
 * @returns {{count: number, terms: string}}
 */
export function parametersOf(hidden) {
  const sizes = [784, ...hidden, 10];
  const layers = sizes.slice(1).map((out, i) => [sizes[i], out]);
  return {
    count: layers.reduce((sum, [inputs, out]) => sum + (inputs + 1) * out, 0),
    terms: layers.map(([inputs, out]) => `(${inputs} + 1) × ${out}`).join(" + "),
  };
}

const MAX_RATES_NAMED = 3;

/** @param {Settings["rates"]} rates */
export function ratesWords(rates) {
  const named = rates.slice(0, MAX_RATES_NAMED).map(([step, rate]) => `to ${rate} after step ${step}`);
  const others = rates.length - named.length;
  return `The learning rate changes during the run: ${named.join(", ")}${others > 0 ? `, and ${others} more times` : ""}.`;
}

/** @param {string} sha256 */
export function dataWords(sha256) {
  return `The run starts only with the same images: their SHA-256 must begin with ${sha256.slice(0, 12)}.`;
}

/** @param {string} sha256 */
export function collectionWords(sha256) {
  return `The run uses the drawings that an earlier run kept: their SHA-256 begins with ${sha256.slice(0, 12)}.`;
}

/** @param {Pick<Dataset, "classes">} set */
export function isDigits({ classes }) {
  return classes.join() === "0,1,2,3,4,5,6,7,8,9";
}

/** @param {Dataset} set */
export function datasetWords({ classes, training, held_out, test, problem }) {
  if (problem) return problem;
  const counts = `${whole(training)} images to learn from, ${whole(held_out)} held out, ${whole(test)} to test`;
  if (isDigits({ classes })) return `The digits 0 to 9. ${counts}.`;
  return `${classes.join(", ")}. ${counts}. Not the ten digits, so its networks can't be published.`;
}
