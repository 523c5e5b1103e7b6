/** A run in words: its status, its settings in a line. */

import { short } from "../page/format.js";

/** @import {Presets, Run, Setting, Settings, Status} from "./types.js" */

/** @param {{status: Status}} run */
export function isActive(run) {
  return ["starting", "running", "paused", "stopping"].includes(run.status);
}

/** @param {Pick<Run, "status" | "place" | "published_as">} run */
export function statusText({ status, place, published_as: names }) {
  if (place !== null) return `${status}, place\u00a0${place}`;
  return names.length > 0 ? `${status}, published as ${names.join(", ")}` : status;
}

/** @param {number[]} hidden */
export function sizesText(hidden) {
  return [784, ...hidden, 10].join("-");
}

/** @param {{batch_size: number | null}} settings */
function batchText(settings) {
  return settings.batch_size === null ? "full batch" : `batches of ${settings.batch_size}`;
}

/** @param {string} name of a data set */
export function datasetTitle(name) {
  return name === "mnist" ? "MNIST" : name;
}

/** Whether a data set is a room, whose code only the admin sees, or the corrections: their images are for the admin. @param {string} name */
export function isCollection(name) {
  return name === "room" || name.startsWith("room-") || name === "corrections";
}

/** @param {Settings} settings */
export function settingsLine(settings) {
  const parts = [
    settings.preset,
    datasetTitle(settings.dataset) + (settings.also ? ` and ${datasetTitle(settings.also)}` : ""),
    sizesText(settings.hidden),
    settings.activation,
    settings.cost,
    `${settings.optimizer} at ${short(settings.learning_rate)}`,
    batchText(settings),
  ];
  return parts.filter(Boolean).join(" · ");
}

// Those of the line, the epochs, which have a column, and the hashes, which nobody reads.
const IN_LINE = [
  "preset",
  "dataset",
  "also",
  "hidden",
  "activation",
  "cost",
  "optimizer",
  "learning_rate",
  "batch_size",
];
const LEFT_OUT = [...IN_LINE, "epochs", "data_sha256", "collection_sha256"];

/**
 * The line, and the settings that it lacks and that differ from the preset, or from the defaults: "seed 5", "pace 1 s".
 *
 * @param {Settings} settings
 * @param {Presets} known
 */
export function fullLine(settings, { presets, defaults }) {
  const base = presets[settings.preset ?? ""] ?? defaults;
  const others = Object.entries(settings)
    .filter(([name, value]) => !LEFT_OUT.includes(name) && value !== base[/** @type {keyof Settings} */ (name)])
    .flatMap(([name, value]) => otherText(name, value));
  return [settingsLine(settings), ...others].join(" · ");
}

/**
 * @param {string} name
 * @param {Setting} value
 */
function otherText(name, value) {
  if (name === "rates") return Array.isArray(value) && value.length > 0 ? ["rate changes"] : [];
  if (name === "pace") return [`pace ${value} s`];
  if (name === "decay") return [value ? "falling rate" : "constant rate"];
  const text = typeof value === "boolean" ? (value ? "on" : "off") : (value ?? "none");
  return [`${name.replaceAll("_", " ")} ${text}`];
}

/**
 * From the start of a run to its end, pauses included; null while it has not ended.
 *
 * @param {Pick<Run, "started_at" | "ended_at">} run
 */
export function secondsTaken({ started_at: started, ended_at: ended }) {
  if (!started || !ended) return null;
  return (new Date(ended).getTime() - new Date(started).getTime()) / 1000;
}

/**
 * "Run 5", "Runs 3, 5 and 8", and the number of runs when there are six or more.
 *
 * @param {number[]} ids
 */
export function runsText(ids) {
  if (ids.length === 1) return `Run ${ids[0]}`;
  if (ids.length > 5) return `${ids.length} runs`;
  return `Runs ${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}
