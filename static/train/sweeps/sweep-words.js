/** A sweep in words: its settings, their values, what it does, and how far it is. */

import { accuracy, short, whole } from "../../page/format.js";
import { isActive } from "../run-words.js";

/** @typedef {{values: any[]} | {low: number, high: number, scale: "linear" | "log"}} Varied */

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
  decay: "Rate falls",
  augmentation: "Augmentation",
};

// What is told of besides the runs that are finished, in this order.
const TOLD = ["starting", "running", "paused", "stopping", "queued", "stopped", "failed", "diverged"];

/** @param {string} field */
export function fieldLabel(field) {
  return LABELS[field] ?? field;
}

/**
 * The value of a setting: hidden layers as 16-16, no batch size as all images.
 *
 * @param {string} field
 * @param {any} value
 */
export function valueText(field, value) {
  if (field === "hidden") return value.length === 0 ? "none" : value.join("-");
  if (field === "batch_size" && value === null) return "all";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : short(value);
  return String(value);
}

/** @param {{method: string, vary: Record<string, Varied>}} plan */
export function methodText({ method, vary }) {
  const names = Object.keys(vary).map((field) => fieldLabel(field).toLowerCase());
  const fields = names.length < 2 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return method === "grid" ? `every combination of ${fields}` : `${fields}, drawn at random`;
}

/** @param {any} sweep with its plan */
export function planText({ plan, total }) {
  const { base, parallel, vary } = plan;
  const text = methodText(plan);
  const length = vary.epochs ? "" : ` of ${whole(base.epochs)} ${base.epochs === 1 ? "epoch" : "epochs"}`;
  const order = total === 1 ? "" : parallel === 1 ? ", one after another" : `, ${parallel} at once`;
  const rest = base.preset ? `All else is as in ${base.preset}.` : "All else is the same for each.";
  return `${text[0].toUpperCase()}${text.slice(1)}: ${whole(total)} ${total === 1 ? "run" : "runs"}${length}${order}. ${rest}`;
}

/** How many runs have come to an end: what was stopped, or failed, can still go on. */
export function endedRuns({ runs_by_status: count }) {
  return (count.finished ?? 0) + (count.diverged ?? 0);
}

/** Whether "Go on" would find something to do. */
export function canGoOn(sweep) {
  const count = sweep.runs_by_status;
  return !isUnderWay(sweep) && (count.queued ?? 0) + (count.stopped ?? 0) + (count.failed ?? 0) > 0;
}

/** @param {{status: string}} sweep */
export function isUnderWay({ status }) {
  return status === "running" || status === "stopping";
}

/** "7 of 9 ended, 1 running, 1 failed" */
export function countsText(sweep) {
  const count = sweep.runs_by_status;
  const parts = TOLD.filter((status) => count[status]).map((status) => `${count[status]} ${status}`);
  return [`${endedRuns(sweep)} of ${sweep.total} ended`, ...parts].join(", ");
}

/** @param {any} run of a sweep */
export function settingsText(run) {
  const settings = Object.entries(run.settings);
  return settings.map(([field, value]) => `${fieldLabel(field).toLowerCase()} ${valueText(field, value)}`).join(", ");
}

/** @param {any} run of a sweep */
export function runText(run) {
  const result = run.accuracy === null ? run.status : `accuracy ${accuracy(run.accuracy)}`;
  return `Run ${run.id}: ${settingsText(run)}; ${result}.`;
}

/**
 * About how many seconds are left, from how long steps took so far; null while nothing tells.
 *
 * @param {{plan: {parallel: number}, runs: any[]}} sweep
 */
export function secondsLeft({ plan, runs }) {
  let [seconds, steps, left] = [0, 0, 0];
  for (const run of runs) {
    if (run.status === "finished" && run.started_at) {
      seconds += (new Date(run.ended_at).getTime() - new Date(run.started_at).getTime()) / 1000;
      steps += run.step;
    } else if (isActive(run) || run.status === "queued") left += run.steps - run.step;
  }
  return steps === 0 ? null : ((seconds / steps) * left) / plan.parallel;
}

/** The share of all steps that is done, in 0..1; what ended early is done. */
export function shareDone({ runs }) {
  const all = runs.reduce((sum, run) => sum + run.steps, 0);
  const ends = ["finished", "diverged"];
  const done = runs.reduce((sum, run) => sum + (ends.includes(run.status) ? run.steps : run.step), 0);
  return all === 0 ? 0 : done / all;
}
