/**
 * Settings of a run compared, and as words.
 *
 * @typedef {Record<string, any>} Settings as POST /admin/runs takes them, all spelled out
 */

/** What a link carries without a field, as it is when there is none: it is told, and can be left out. */
export const KEPT = { rates: [], data_sha256: null };
export const KEPT_LABELS = { rates: "rates on the way", data_sha256: "digest of the images" };

/**
 * @param {Settings} settings
 * @param {Settings} base
 * @returns {string[]} the names of the settings that differ, in their order
 */
export function changedIn(settings, base) {
  return Object.keys(settings).filter((name) => !isSame(settings[name], base[name]));
}

function isSame(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A value as a button has it that leads back to it. */
export function valueWords(name, value) {
  if (name === "hidden") return value.length > 0 ? value.join("-") : "no layer";
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

const MOST_RATES_TOLD = 3;

/** @param {[number, number][]} rates (step, learning rate) each */
export function ratesWords(rates) {
  const told = rates.slice(0, MOST_RATES_TOLD).map(([step, rate]) => `to ${rate} after step ${step}`);
  const others = rates.length - told.length;
  return `The learning rate changes on the way: ${told.join(", ")}${others > 0 ? `, and ${others} more times` : ""}.`;
}

/** @param {string} sha256 */
export function dataWords(sha256) {
  return `It starts only if the images here are the very same: their SHA-256 begins with ${sha256.slice(0, 12)}.`;
}

/**
 * @param {{name: string, classes: string[], training: number, held_out: number, test: number, problem: string | null}} set
 */
export function datasetWords({ classes, training, held_out, test, problem }) {
  if (problem) return problem;
  const isDigits = classes.join() === "0,1,2,3,4,5,6,7,8,9";
  const number = (count) => count.toLocaleString("en");
  const counts = `${number(training)} images to learn from, ${number(held_out)} held out, ${number(test)} to test`;
  if (isDigits) return `The digits 0 to 9. ${counts}.`;
  return `${classes.join(", ")}. ${counts}. These are not the ten digits: its network is not one to publish.`;
}
