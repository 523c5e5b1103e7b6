/** What a descent has come to, in sentences. */

import { short, whole } from "../../page/format.js";
import { leaderWords, nameOf } from "./descent-race.js";

const MEASURED = 1_000;

/**
 * @param {import("./descent-run.js").DescentRun[]} runs one, or the two of a race
 * @param {import("./descent-run.js").Frame[]} frames theirs
 * @param {import("./descent-race.js").Axis} axis
 */
export function wordsOf(runs, frames, axis) {
  const ends = runs.map((run, i) => (isGone(run, frames[i]) ? endWords(run, runs.length > 1 ? nameOf(i) : "It") : ""));
  const now = runs.length > 1 ? leaderWords(runs, frames, axis) : progressWords(runs[0], frames[0]);
  return [...ends, now].filter(Boolean).join(" ");
}

/** Whether the frame is the last of a run that diverged. */
export function isGone(run, frame) {
  return run.end !== null && frame.step >= run.end;
}

function endWords(run, name) {
  return (
    `${name} diverged after step ${whole(run.end)}: each step overshot further than the one before, and the next would ` +
    "have left every bound. What you see is its last network."
  );
}

function progressWords(run, frame) {
  if (isGone(run, frame)) return "";
  const right = `${whole(frame.accuracy * MEASURED)} of 1,000 other digits right`;
  if (frame.step === 0) return `13,002 random numbers: it gets ${right}, hardly more than luck. ${normWords(frame)}`;
  const after = frame.step === 1 ? "After 1 step" : `After ${whole(frame.step)} steps`;
  return `${after} it gets ${right}. ${normWords(frame)}${run.start ? `; at the start it was ${short(run.start.norm)}.` : "."}`;
}

function normWords({ step, norm }) {
  const now = `The gradient's norm is ${short(norm)}`;
  return step === 0 ? `${now}.` : now;
}
