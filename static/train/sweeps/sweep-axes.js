/** The axes of a sweep's parallel coordinates: one for each setting that varies, and one for the accuracy. */

import { linearScale, logScale } from "../../charts/scale.js";
import { fieldLabel, valueText } from "./sweep-words.js";

/**
 * @import {Axis} from "../../charts/parallel-coordinates.js"
 * @import {Setting, Sweep, SweepRun, Varied} from "../types.js"
 * @typedef {keyof SweepRun["settings"]} Field
 */

// When the highest listed number is this many times the lowest, a logarithmic scale keeps the low ones apart.
const FAR_APART = 20;

/**
 * @param {Sweep} sweep
 * @returns {Axis[]} the last one is the accuracy. `at` places a run: 0 at the foot of the axis, 1 at its head, null if it
 *   has no value yet
 */
export function axesOf({ fields, plan, runs }) {
  return [...fields.map((field) => settingAxis(field, plan.vary[field])), accuracyAxis(runs)];
}

/**
 * @param {string} field
 * @param {Varied} varied
 * @returns {Axis}
 */
function settingAxis(field, varied) {
  const name = fieldLabel(field);
  const read = (/** @type {SweepRun} */ run) => run.settings[/** @type {Field} */ (field)] ?? null;
  if (!("values" in varied)) {
    const { low, high, scale } = varied;
    const { at, ticks } = scale === "log" ? logScale(low, high) : linearScale(low, high, 5);
    // The ends replace round values that are close to them.
    const between = ticks.filter((tick) => at(tick) > 0.08 && at(tick) < 0.92);
    const shown = [low, ...between, high].map((tick) => ({ at: at(tick), text: valueText(field, tick) }));
    return { name, at: (run) => at(Number(read(run))), ticks: shown };
  }
  const { values } = varied;
  const ticks = values.map((value) => valueText(field, value));
  const places = values.every((value) => typeof value === "number") ? numberPlaces(values) : evenPlaces(values);
  const placeOf = new Map(ticks.map((text, i) => [text, places[i]]));
  return {
    name,
    at: (run) => placeOf.get(valueText(field, read(run))) ?? null,
    ticks: ticks.map((text, i) => ({ at: places[i], text })),
  };
}

/** @param {Setting[]} values */
function evenPlaces(values) {
  return values.map((_, i) => (values.length === 1 ? 0.5 : i / (values.length - 1)));
}

/** @param {number[]} values */
function numberPlaces(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) return [0.5];
  const { at } = low > 0 && high / low >= FAR_APART ? logScale(low, high) : linearScale(low, high);
  return values.map(at);
}

/**
 * @param {SweepRun[]} runs
 * @returns {Axis}
 */
function accuracyAxis(runs) {
  const known = runs.map((run) => run.accuracy).filter((value) => value !== null);
  const [low, high] = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [0, 1];
  // Nearly equal runs should not look far apart.
  const room = Math.max((high - low) * 0.05, 0.002);
  const [foot, head] = known.length > 0 ? [Math.max(0, low - room), Math.min(1, high + room)] : [0, 1];
  const { at, ticks } = linearScale(foot, head, 5);
  return {
    name: "Accuracy",
    at: (run) => (run.accuracy === null ? null : at(run.accuracy)),
    ticks: ticks.map((tick) => ({ at: at(tick), text: `${Number((100 * tick).toFixed(2))}%` })),
  };
}
