/** A run in words: its status, its settings in a line. */

import { short } from "../page/format.js";

/** @import {Run, Settings, Status} from "./types.js" */

/** @param {{status: Status}} run */
export function isActive(run) {
  return ["starting", "running", "paused", "stopping"].includes(run.status);
}

/** @param {Pick<Run, "status" | "place" | "published_as">} run */
export function statusText({ status, place, published_as: names }) {
  if (place !== null) return `${status}, place ${place}`;
  return names.length > 0 ? `${status}, published as ${names.join(", ")}` : status;
}

/** @param {number[]} hidden */
export function sizesText(hidden) {
  return [784, ...hidden, 10].join("-");
}

/** @param {{batch_size: number | null}} settings */
export function batchText(settings) {
  return settings.batch_size === null ? "full batch" : `batches of ${settings.batch_size}`;
}

/** @param {Settings} settings */
export function settingsLine(settings) {
  const parts = [
    settings.preset,
    sizesText(settings.hidden),
    settings.activation,
    settings.cost,
    `${settings.optimizer} at ${short(settings.learning_rate)}`,
    batchText(settings),
  ];
  return parts.filter(Boolean).join(" · ");
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
