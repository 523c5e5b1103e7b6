/** Two descents compared: what they are shown against, and who leads. */

import { runningMean } from "../../charts/running-mean.js";
import { short, whole } from "../../page/format.js";

/**
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {import("./descent-run.js").Frame} Frame
 * @typedef {"steps" | "images" | "time"} Axis
 */

/** @type {Record<Axis, {label: string, at: (run: DescentRun, step: number) => number, told: (x: number) => string}>} */
export const AXES = {
  steps: { label: "step", at: (_, step) => step, told: (x) => `Step ${whole(x)}` },
  images: { label: "images seen", at: (run, step) => run.imagesSeen(step), told: (x) => `${whole(x)} images` },
  time: { label: "seconds of computing", at: (run, step) => run.secondsAt(step), told: (x) => `${short(x)} s` },
};
const MEMORY = 10;
// Beyond so many times the way of the shorter run there is nothing to compare, and the shorter one would be a sliver.
const MOST_TIMES_SHORTER = 4;

/** The cost of each step, as points. */
export function costPoints(run, axis) {
  return run.costs.map((y, i) => ({ x: AXES[axis].at(run, i + 1), y }));
}

export function meanPoints(run, axis) {
  return runningMean(costPoints(run, axis), MEMORY);
}

/**
 * How far the chart goes for runs of so many steps.
 *
 * @param {DescentRun[]} runs
 * @param {number} steps
 * @param {Axis} axis
 */
export function extent(runs, steps, axis) {
  const ends = runs.map((run) => AXES[axis].at(run, steps));
  return Math.min(Math.max(...ends), MOST_TIMES_SHORTER * Math.min(...ends)) || 1;
}

/**
 * Who has the lower cost, in words; after as many steps, or where the chart shows something else, after as much of it.
 *
 * @param {DescentRun[]} runs two
 * @param {Frame[]} frames theirs
 * @param {Axis} axis
 */
export function leaderWords(runs, frames, axis) {
  const gone = runs.map((run, i) => run.end !== null && frames[i].step === run.end);
  if (gone[0] && gone[1]) return "Nobody leads.";
  if (gone[0] || gone[1]) return `${nameOf(gone[0] ? 1 : 0)} leads.`;
  if (frames[0].step === 0) return beginWords(runs);
  const costs = frames.map(({ cost }) => cost);
  if (axis === "steps") return compared(`After ${stepWords(frames[0].step)}`, costs);
  const far = Math.min(...runs.map((run, i) => AXES[axis].at(run, frames[i].step)));
  const amount = axis === "images" ? `${whole(far)} images` : `${short(far)} s of computing`;
  const steps = runs.map((run, i) => stepAt(run, frames[i].step, axis, far));
  const means = runs.map((run, i) => meanPoints(run, axis)[steps[i] - 1]?.y ?? run.costs[0]);
  return `${compared(`After ${amount}`, means)} A has taken ${stepWords(steps[0])} by then, B ${stepWords(steps[1])}.`;
}

/** @param {DescentRun[]} runs */
function beginWords([a, b]) {
  return a.settings.seed === b.settings.seed
    ? "Both begin with the same 13,002 random numbers."
    : "They begin with other random numbers each.";
}

/**
 * @param {string} when
 * @param {number[]} costs
 */
function compared(when, [a, b]) {
  if (a === b) return `${when} both have a cost of ${short(a)}.`;
  const [leader, other] = a < b ? ["A", "B"] : ["B", "A"];
  return `${when} ${leader} leads: its cost is ${short(Math.min(a, b))}, that of ${other} ${short(Math.max(a, b))}.`;
}

/** The last step that a run had finished after so much. */
function stepAt(run, last, axis, far) {
  let step = last;
  while (step > 0 && AXES[axis].at(run, step) > far * (1 + 1e-9)) step--;
  return step;
}

function stepWords(steps) {
  return steps === 1 ? "1 step" : `${whole(steps)} steps`;
}

/** @param {number} index */
export function nameOf(index) {
  return "AB"[index];
}
