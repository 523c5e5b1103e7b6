/** The state of a descent, in sentences. */

import { short, whole } from "../../page/format.js";
import { leaderWords, nameOf } from "./descent-race.js";

/**
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {import("./descent-run.js").Frame} Frame
 */

const MEASURED = 1_000;

/**
 * @param {DescentRun[]} runs one, or the two of a race
 * @param {Frame[]} frames theirs
 * @param {import("./descent-race.js").Axis} axis
 */
export function wordsOf(runs, frames, axis) {
  const isRace = runs.length > 1;
  const sentences = runs.flatMap((run, i) =>
    hasDiverged(run, frames[i]) ? [divergedWords(run, isRace ? nameOf(i) : "It")] : [],
  );
  if (isRace) sentences.push(leaderWords(runs, frames, axis));
  else if (sentences.length === 0) sentences.push(progressWords(runs[0], frames[0]));
  return sentences.join(" ");
}

/**
 * Whether the frame is the last of a run that diverged.
 *
 * @param {DescentRun} run
 * @param {Frame} frame
 */
export function hasDiverged(run, frame) {
  return run.end !== null && frame.step >= run.end;
}

/**
 * @param {DescentRun} run
 * @param {string} name
 */
function divergedWords(run, name) {
  return (
    `${name} diverged after step ${whole(run.end)}: each step jumped further than the one before, until the ` +
    "numbers became too large. You see its last network before that."
  );
}

/**
 * @param {DescentRun} run
 * @param {Frame} frame
 */
function progressWords({ start }, { step, accuracy, norm }) {
  const right = `it gets ${whole(accuracy * MEASURED)} of 1,000 other digits right`;
  const slope = `The gradient's norm is ${short(norm)}`;
  if (step === 0) return `13,002 random numbers: ${right}, about as many as guessing would. ${slope}.`;
  const after = step === 1 ? "After 1 step" : `After ${whole(step)} steps`;
  return `${after} ${right}. ${slope}${start ? `; at the start it was ${short(start.norm)}` : ""}.`;
}
