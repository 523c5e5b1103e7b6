/** The lines of a comparison: what is shown of each run, and along what. */

import { runningMean } from "../../charts/running-mean.js";
import { pointsOfEpochs } from "../run-story.js";

/**
 * @import {Key} from "../figures.js"
 * @import {Point, RunStory} from "../run-story.js"
 * @import {Run} from "../types.js"
 * @typedef {"cost" | "held-out" | Exclude<Key, "cost">} Shown "cost" is that of the batches
 * @typedef {"steps" | "epochs" | "seconds"} Axis
 * @typedef {(step: number) => number | null} PlaceOf null before the first epoch has ended
 */

// The running mean covers at least so many steps, and this share of all steps.
const MIN_MEMORY = 20;
const SHARE_REMEMBERED = 1 / 25;

/**
 * @param {{run: Run, story: RunStory}} compared
 * @param {Shown} shown the cost of each batch, smoothed; or a figure of the epochs
 * @param {Axis} axis
 * @returns {Point[]} with x rising; points whose place on the axis is not known yet are left out
 */
export function pointsOf({ run, story }, shown, axis) {
  const placeOf = {
    steps: (/** @type {number} */ step) => step,
    epochs: epochsOf(run, story),
    seconds: clockOf(story),
  };
  return measured(story, shown).flatMap(({ x: step, y }) => {
    const x = placeOf[axis](step);
    return x === null ? [] : [{ x, y }];
  });
}

/**
 * The seconds that training took up to a step, without pauses: known at the end of each epoch, interpolated between.
 *
 * @param {Pick<RunStory, "epochs">} story
 * @returns {PlaceOf}
 */
export function clockOf({ epochs }) {
  /** @type {{step: number, seconds: number, pace: number}[]} `pace` in seconds for a step */
  const ends = [];
  for (const { step, steps, seconds } of epochs) {
    const before = ends.at(-1) ?? { step: 0, seconds: 0 };
    // After a resume, `seconds` covers only the later steps of the epoch; the earlier ones took as long each.
    const pace = steps > 0 ? seconds / steps : 0;
    ends.push({ step, seconds: before.seconds + pace * (step - before.step), pace });
  }
  return (step) => {
    const end = ends.find((candidate) => candidate.step >= step) ?? ends.at(-1);
    return end ? end.seconds + end.pace * (step - end.step) : null;
  };
}

/**
 * @param {Run} run
 * @param {RunStory} story
 * @returns {PlaceOf}
 */
function epochsOf({ steps, settings }, story) {
  const hasPlan = settings.last_step === null;
  return (step) => story.epochsAt(step) ?? (hasPlan ? (step * settings.epochs) / steps : null);
}

/**
 * @param {RunStory} story
 * @param {Shown} shown
 */
function measured(story, shown) {
  if (shown === "cost") return runningMean(story.costs, Math.max(MIN_MEMORY, story.costs.length * SHARE_REMEMBERED));
  const key = keyOf(shown);
  return pointsOfEpochs(story.epochs, key, "step");
}

/**
 * The key of a figure of the epochs in the address of the page: there "cost" is that of the batches.
 *
 * @param {Exclude<Shown, "cost">} shown
 * @returns {Key}
 */
export function keyOf(shown) {
  return shown === "held-out" ? "cost" : shown;
}
