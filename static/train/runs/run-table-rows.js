/** The rows of the table of runs: their texts, how they are sorted, and which runs a filter finds. */

import { accuracy, duration, short, when } from "../../page/format.js";
import { fullLine, isActive, secondsTaken, statusText } from "../run-words.js";

/**
 * @import {Presets, Run} from "../types.js"
 * @typedef {{find: string, status: string, preset: string}} Filter each "" for any; the status "active" is that of every
 *   run that has not ended, the preset "none" that of your own settings
 * @typedef {{value: (run: Run) => number | string | null, isFallingFirst: boolean}} Column
 */

/** The columns by which runs can be sorted, and their usual direction. @type {Record<string, Column>} */
export const COLUMNS = {
  run: { value: ({ id }) => id, isFallingFirst: true },
  status: { value: ({ status }) => status, isFallingFirst: false },
  epochs: { value: ({ epoch }) => epoch, isFallingFirst: true },
  accuracy: { value: (run) => run.accuracy, isFallingFirst: true },
  test: { value: (run) => run.test_accuracy, isFallingFirst: true },
  cost: { value: (run) => run.cost, isFallingFirst: false },
  took: { value: secondsTaken, isFallingFirst: false },
  started: { value: (run) => run.created_at, isFallingFirst: true },
};

/**
 * The texts of a row, by the names of its parts.
 *
 * @param {Run} run
 * @param {Presets} presets
 * @param {number} [now] in milliseconds
 * @returns {Record<string, string>}
 */
export function textsOf(run, presets, now) {
  const seconds = secondsTaken(run);
  const number = `Run ${run.id}`;
  return {
    link: run.name || number,
    settings: [run.name && number, sweepOf(run), ...settingsOf(run, presets)].filter(Boolean).join(" · "),
    note: run.note ?? "",
    status: statusText(run),
    epochs: `${run.epoch} of ${run.settings.epochs}`,
    accuracy: accuracy(run.accuracy),
    test: accuracy(run.test_accuracy),
    cost: short(run.cost),
    took: seconds === null ? "–" : duration(seconds),
    when: when(run.created_at, now),
  };
}

/**
 * Whether a run matches: every word is in its name, note, settings or status, and it has that status and preset.
 *
 * @param {Run} run
 * @param {Filter} filter
 * @param {Presets} presets
 */
export function isFound(run, { find, status, preset }, presets) {
  if (status === "active" ? !isActive(run) : status !== "" && run.status !== status) return false;
  if (preset !== "" && (run.settings.preset ?? "none") !== preset) return false;
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = searched(run, presets);
  return words.every((word) => text.includes(word));
}

/**
 * How many runs are shown, and how many there are.
 *
 * @param {{shown: number, known: number, hasOlder: boolean, isFiltered: boolean}} counts
 */
export function countWords({ shown, known, hasOlder, isFiltered }) {
  const runs = (/** @type {number} */ count) => (count === 1 ? "1 run" : `${count} runs`);
  const loaded = hasOlder ? `the newest ${runs(known)}` : runs(known);
  if (!isFiltered) return hasOlder ? `${loaded[0].toUpperCase()}${loaded.slice(1)}.` : `${loaded}.`;
  const found = `${shown} of ${loaded}`;
  return hasOlder ? `${found}. Older runs are not loaded yet, so they are not searched.` : `${found}.`;
}

/**
 * @param {Run} run
 * @param {Presets} presets
 */
function settingsOf(run, presets) {
  const { settings, learning_rate: rate } = run;
  const last = settings.rates.at(-1)?.[1] ?? settings.learning_rate;
  return [fullLine(settings, presets), rate !== last && `rate now ${short(rate)}`];
}

/**
 * @param {Run} run
 * @param {Presets} presets
 */
function searched(run, presets) {
  const { activation, dataset, batch_size: batch } = run.settings;
  const parts = [
    run.name,
    `run ${run.id}`,
    sweepOf(run),
    run.note,
    ...settingsOf(run, presets),
    dataset,
    activation,
    batch,
    run.status,
  ];
  return parts.filter(Boolean).join(" ").toLowerCase();
}

/** @param {Run} run */
function sweepOf({ sweep_id: id }) {
  return id ? `sweep ${id}` : "";
}
