/** Two descents compared: the axis they are shown against, and which one leads. */

import { runningMean } from "../../charts/running-mean.js";
import { short, whole } from "../../page/format.js";

/**
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {import("./descent-run.js").Frame} Frame
 * @typedef {"steps" | "images" | "time"} Axis
 */

/**
 * @typedef {{label: string, at: (run: DescentRun, step: number) => number, format: (x: number) => string}} Scale
 * @type {Record<Axis, Scale>}
 */
export const AXES = {
  steps: { label: "step", at: (_, step) => step, format: (x) => `Step ${whole(x)}` },
  images: { label: "images seen", at: (run, step) => run.imagesSeen(step), format: (x) => `${whole(x)} images` },
  time: { label: "seconds of computing", at: (run, step) => run.secondsAt(step), format: (x) => `${short(x)} s` },
};
const MEMORY = 10;
// The chart ends at this many times the length of the shorter run, which would be a sliver in a longer one.
const MAX_RATIO = 4;

/**
 * The cost of each step, as points.
 *
 * @param {DescentRun} run
 * @param {Axis} axis
 */
export function costPoints(run, axis) {
  return run.costs.map((y, i) => ({ x: AXES[axis].at(run, i + 1), y }));
}

/**
 * The running mean of the cost, as points.
 *
 * @param {DescentRun} run
 * @param {Axis} axis
 */
export function meanPoints(run, axis) {
  return runningMean(costPoints(run, axis), MEMORY);
}

/**
 * Where the chart ends for runs of this many steps.
 *
 * @param {DescentRun[]} runs
 * @param {number} steps
 * @param {Axis} axis
 */
export function extent(runs, steps, axis) {
  const ends = runs.map((run) => AXES[axis].at(run, steps));
  return Math.min(Math.max(...ends), MAX_RATIO * Math.min(...ends)) || 1;
}

/**
 * Says which run has the lower cost after equally many steps, or on another axis after equally many images or seconds.
 *
 * @param {DescentRun[]} runs two
 * @param {Frame[]} frames theirs
 * @param {Axis} axis
 */
export function leaderWords(runs, frames, axis) {
  const [isOverA, isOverB] = runs.map((run, i) => run.end !== null && frames[i].step === run.end);
  if (isOverA && isOverB) return "Neither leads.";
  if (isOverA || isOverB) return `${nameOf(isOverA ? 1 : 0)} leads.`;
  if (frames[0].step === 0) return startWords(runs);
  const costs = frames.map(({ cost }) => cost);
  if (axis === "steps") return comparison(`After ${stepWords(frames[0].step)}`, costs);
  const x = Math.min(...runs.map((run, i) => AXES[axis].at(run, frames[i].step)));
  const amount = axis === "images" ? `${whole(x)} images` : `${short(x)} s of computing`;
  const steps = runs.map((run, i) => lastStepBefore(x, run, frames[i].step, axis));
  const means = runs.map((run, i) => meanPoints(run, axis)[steps[i] - 1]?.y ?? run.costs[0]);
  const [a, b] = steps.map(stepWords);
  return `${comparison(`After ${amount}`, means)} By then A has taken ${a}, B ${b}.`;
}

/** @param {DescentRun[]} runs */
function startWords([a, b]) {
  return a.settings.seed === b.settings.seed
    ? "Both start from the same 13,002 random numbers."
    : "Each starts from its own random numbers.";
}

/**
 * @param {string} when
 * @param {number[]} costs of A and B
 */
function comparison(when, [a, b]) {
  if (a === b) return `${when} both have a cost of ${short(a)}.`;
  const [leader, other] = a < b ? ["A", "B"] : ["B", "A"];
  return `${when} ${leader} leads: its cost is ${short(Math.min(a, b))}, that of ${other} ${short(Math.max(a, b))}.`;
}

/**
 * @param {number} x
 * @param {DescentRun} run
 * @param {number} step to begin with
 * @param {Axis} axis
 */
function lastStepBefore(x, run, step, axis) {
  while (step > 0 && AXES[axis].at(run, step) > x * (1 + 1e-9)) step--;
  return step;
}

/** @param {number} steps */
function stepWords(steps) {
  return steps === 1 ? "1 step" : `${whole(steps)} steps`;
}

/** @param {number} index */
export function nameOf(index) {
  return "AB"[index];
}
