/** The lines of a comparison: what is shown of each run, and along what. */

import { runningMean } from "../../charts/running-mean.js";

/**
 * @typedef {import("../run-story.js").RunStory} RunStory
 * @typedef {"cost" | "held-out" | "accuracy"} Shown
 * @typedef {"steps" | "epochs" | "seconds"} Axis
 * @typedef {{x: number, y: number}} Point
 */

const LEAST_MEMORY = 20;
const SHARE_REMEMBERED = 1 / 25;

/**
 * @param {{run: any, story: RunStory}} compared
 * @param {Shown} shown the cost of each batch, smoothed; the cost or the accuracy on the images held out
 * @param {Axis} axis
 * @returns {Point[]} with x rising; without those of which it is not known yet where along the axis they are
 */
export function pointsOf({ run, story }, shown, axis) {
  const place = axis === "seconds" ? clockOf(story) : axis === "epochs" ? epochsOf(run, story) : (step) => step;
  return measured(story, shown)
    .map(({ x, y }) => ({ x: place(x), y }))
    .filter(({ x }) => x !== null);
}

/**
 * The seconds that training took up to a step, without pauses: known at the end of each epoch, even between.
 *
 * @param {RunStory} story
 * @returns {(step: number) => number | null} null while no epoch has ended
 */
export function clockOf({ epochs }) {
  /** @type {{step: number, seconds: number, pace: number}[]} the pace is that of the steps before, in seconds */
  const ends = [];
  for (const { step, steps, seconds } of epochs) {
    const before = ends.at(-1) ?? { step: 0, seconds: 0 };
    // After a resume the clock of the epoch is that of its later steps: the earlier ones took as long each.
    const pace = steps > 0 ? seconds / steps : 0;
    ends.push({ step, seconds: before.seconds + pace * (step - before.step), pace });
  }
  return (step) => {
    const end = ends.find((candidate) => candidate.step >= step) ?? ends.at(-1);
    return end ? end.seconds + end.pace * (step - end.step) : null;
  };
}

function epochsOf({ steps, settings }, story) {
  const hasPlan = (settings.last_step ?? null) === null;
  return (step) => story.epochsAt(step) ?? (hasPlan ? (step * settings.epochs) / steps : null);
}

function measured(story, shown) {
  if (shown === "held-out") return story.heldOutCosts;
  if (shown === "accuracy") return story.epochs.map(({ step, accuracy }) => ({ x: step, y: accuracy }));
  return runningMean(story.costs, Math.max(LEAST_MEMORY, story.costs.length * SHARE_REMEMBERED));
}
