/** A run in words: its status, its settings in a line. */

import { short } from "../page/format.js";

/**
 * @typedef {"starting" | "running" | "paused" | "stopping"} ActiveStatus queued is what waits in a sweep
 * @typedef {ActiveStatus | "queued" | "finished" | "stopped" | "failed" | "diverged"} Status
 */

/** @param {{status: Status}} run */
export function isActive(run) {
  return ["starting", "running", "paused", "stopping"].includes(run.status);
}

/** @param {number[]} hidden */
export function sizesText(hidden) {
  return [784, ...hidden, 10].join("-");
}

/** @param {{batch_size: number | null}} settings */
export function batchText(settings) {
  return settings.batch_size === null ? "full batch" : `batches of ${settings.batch_size}`;
}

/** @param {any} settings of a run */
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

/** From its start to its end, also what it stood still between; null while it has not ended. */
export function secondsTaken({ started_at: started, ended_at: ended }) {
  if (!started || !ended) return null;
  return (new Date(ended).getTime() - new Date(started).getTime()) / 1000;
}

/**
 * "Run 5", "Runs 3, 5 and 8", and from six on how many.
 *
 * @param {number[]} ids
 */
export function runsText(ids) {
  if (ids.length === 1) return `Run ${ids[0]}`;
  if (ids.length > 5) return `${ids.length} runs`;
  return `Runs ${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}`;
}
