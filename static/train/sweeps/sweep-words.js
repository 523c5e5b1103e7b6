/** A sweep in words: its settings and their values, its plan and its progress. */

import { accuracy, short, whole } from "../../page/format.js";
import { datasetTitle, isActive, secondsTaken } from "../run-words.js";

/** @import {Plan, Setting, Status, Sweep, SweepRun, SweepSummary} from "../types.js" */

/** @type {Record<string, string>} */
const LABELS = {
  hidden: "Hidden layers",
  activation: "Activation",
  cost: "Cost",
  optimizer: "Optimizer",
  learning_rate: "Learning rate",
  batch_size: "Batch size",
  epochs: "Epochs",
  seed: "Seed",
  weight_decay: "Weight decay",
  decay: "Falling rate",
  augmentation: "Augmentation",
};

/** @type {Status[]} those that are counted one by one, in this order */
const COUNTED = ["starting", "running", "paused", "stopping", "queued", "stopped", "failed", "diverged"];

/** @param {string} field */
export function fieldLabel(field) {
  return LABELS[field] ?? field;
}

/**
 * The value of a setting: hidden layers as "16-16", no batch size as "all".
 *
 * @param {string} field
 * @param {Setting} value
 */
export function valueText(field, value) {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join("-");
  if (field === "batch_size" && value === null) return "all";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : short(value);
  return String(value);
}

/** @param {Pick<Plan, "method" | "vary">} plan */
export function methodText({ method, vary }) {
  const names = Object.keys(vary).map((field) => fieldLabel(field).toLowerCase());
  const fields = names.length < 2 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return method === "grid" ? `every combination of ${fields}` : `${fields}, chosen at random`;
}

/** @param {Pick<SweepSummary, "plan" | "total">} sweep */
export function planText({ plan, total }) {
  const { base, parallel, vary } = plan;
  const text = methodText(plan);
  const length = vary.epochs ? "" : ` of ${whole(base.epochs ?? 0)} ${base.epochs === 1 ? "epoch" : "epochs"}`;
  const order = total === 1 ? "" : parallel === 1 ? ", one after another" : `, ${parallel} at once`;
  const rest = base.preset ? `Based on ${base.preset}.` : "All other settings are the same in each run.";
  const data = `Images: ${datasetTitle(base.dataset ?? "mnist")}.`;
  return `${text[0].toUpperCase()}${text.slice(1)}: ${whole(total)} ${total === 1 ? "run" : "runs"}${length}${order}. ${rest} ${data}`;
}

/** How many runs have ended for good: one that was stopped, or failed, can be resumed. @param {SweepSummary} sweep */
export function endedRuns({ runs_by_status: count }) {
  return (count.finished ?? 0) + (count.diverged ?? 0);
}

/** Whether some of its runs can be started or resumed. @param {SweepSummary} sweep */
export function canResume(sweep) {
  const count = sweep.runs_by_status;
  return !isUnderWay(sweep) && (count.queued ?? 0) + (count.stopped ?? 0) + (count.failed ?? 0) > 0;
}

/** @param {{status: string}} sweep */
export function isUnderWay({ status }) {
  return status === "running" || status === "stopping";
}

/** "7 of 9 ended, 1 running, 1 failed" @param {SweepSummary} sweep */
export function countsText(sweep) {
  const count = sweep.runs_by_status;
  const parts = COUNTED.filter((status) => count[status]).map((status) => `${count[status]} ${status}`);
  return [`${endedRuns(sweep)} of ${sweep.total} ended`, ...parts].join(", ");
}

/** @param {Pick<SweepRun, "settings">} run */
export function settingsText(run) {
  const settings = Object.entries(run.settings);
  return settings.map(([field, value]) => `${fieldLabel(field).toLowerCase()} ${valueText(field, value)}`).join(", ");
}

/** @param {SweepRun} run */
export function runText(run) {
  const result = run.accuracy === null ? run.status : `accuracy ${accuracy(run.accuracy)}`;
  return `Run ${run.id}: ${settingsText(run)}; ${result}.`;
}

/**
 * About how many seconds are left, by the time of the steps so far; null before the first run has finished.
 *
 * @param {Pick<Sweep, "plan" | "runs">} sweep
 */
export function secondsLeft({ plan, runs }) {
  let [seconds, steps, left] = [0, 0, 0];
  for (const run of runs) {
    const taken = secondsTaken(run);
    if (run.status === "finished" && taken !== null) {
      seconds += taken;
      steps += run.step;
    } else if (isActive(run) || run.status === "queued") left += run.steps - run.step;
  }
  return steps === 0 ? null : ((seconds / steps) * left) / plan.parallel;
}

/** The share of all steps that is done, in 0..1; runs that diverged count as done. @param {Pick<Sweep, "runs">} sweep */
export function shareDone({ runs }) {
  const all = runs.reduce((sum, run) => sum + run.steps, 0);
  const ends = ["finished", "diverged"];
  const done = runs.reduce((sum, run) => sum + (ends.includes(run.status) ? run.steps : run.step), 0);
  return all === 0 ? 0 : done / all;
}
