/**
 * The questions of the lesson on descent. Each is answered by what the server's descents do.
 *
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {import("./descent-run.js").Frame} Frame
 * @typedef {import("../../page/address-state.js").Values} Values
 * @typedef {import("../predict/predictions.js").Outcome} Outcome
 */

import { post } from "../../page/api.js";
import { percent, short, whole } from "../../page/format.js";
import { COURSE, PLACE, RACES } from "./descent-state.js";

const START = { ...COURSE, ...PLACE };
// One image in a step, and steps that are large enough to see.
const ONE_IMAGE = { ...START, batch: 1, rate: 0.1 };
// Of all steps. Where more fall, most do.
const ABOUT_HALF = 0.6;

/**
 * @param {object} page
 * @param {(changes: Values) => void} page.set the state
 * @param {(changes: Values) => void} page.play from the start, with these changes of the state
 * @param {() => {runs: DescentRun[], frames: Frame[]} | null} page.seen null while it plays
 * @param {() => {input: number[], digit: number} | null} page.drawn
 * @param {HTMLElement} page.sheet
 * @returns {Record<string, import("../predict/predictions.js").Prediction>}
 */
export function descentPredictions({ set, play, seen, drawn, sheet }) {
  return {
    noise: {
      setUp: () => set(START),
      begin: () => play({ ...START, speed: "fast" }),
      outcome() {
        const now = seen();
        return now?.runs.length === 1 && now.frames[0].step === PLACE.to ? noiseOutcome(now.runs[0]) : null;
      },
    },
    race: {
      setUp: () => set(START),
      begin: () => play({ ...RACES.rate, speed: "fast" }),
      outcome() {
        const now = seen();
        return now?.runs.length === 2 && now.frames[0].step === PLACE.to ? raceOutcome(now.runs, now.frames) : null;
      },
    },
    digit: {
      before: sheet,
      setUp: () => set(ONE_IMAGE),
      async begin() {
        const about = drawn();
        if (!about) return;
        const asked = Promise.all([0, 1].map((step) => probabilityAfter(step, about)));
        set({ ...ONE_IMAGE, step: 1 });
        const [before, after] = await asked;
        return digitOutcome({ digit: about.digit, before, after });
      },
    },
  };
}

/**
 * What the network of the last question makes of a digit, before or after its first step.
 *
 * @param {number} step
 * @param {{input: number[], digit: number}} about
 * @returns {Promise<number>}
 */
async function probabilityAfter(step, { input, digit }) {
  const { rate, batch, seed } = ONE_IMAGE;
  const course = { learning_rate: rate, batch_size: batch, seed };
  const answer = await post("lessons/descent", { ...course, since: step, until: step, input, pictures: false });
  return answer.probabilities[digit];
}

/**
 * @param {Pick<DescentRun, "costs" | "settings">} run
 * @returns {Outcome}
 */
export function noiseOutcome({ costs, settings }) {
  const changes = costs.slice(1).map((cost, i) => cost - costs[i]);
  const falls = changes.filter((change) => change < 0).length;
  const others = changes.length - falls;
  const images = settings.batch === 0 ? "all images" : `${settings.batch} other images`;
  const why =
    `Compared with the step before, it fell ${whole(falls)} times and rose ${whole(others)} times, because each step ` +
    `measures ${images}. ` +
    "The mean still goes down.";
  if (others === 0) return { truth: "all", why: `It fell at each of ${whole(falls)} steps.` };
  return { truth: falls > ABOUT_HALF * changes.length ? "most" : "half", why };
}

/**
 * @param {Pick<DescentRun, "settings">[]} runs two
 * @param {Pick<Frame, "step" | "cost">[]} frames theirs
 * @returns {Outcome}
 */
export function raceOutcome(runs, frames) {
  const [a, b] = frames.map(({ cost }) => cost);
  const names = runs.map(({ settings }) => `η = ${settings.rate}`);
  const why =
    `After ${whole(frames[0].step)} steps the cost is ${short(a)} with ${names[0]} and ${short(b)} with ${names[1]}: ` +
    (b < a ? "larger steps went further, and were not yet too large." : "the larger steps were too large.");
  return { truth: a < b ? "slow" : "fast", why };
}

/**
 * The cost of one digit, cross-entropy, is minus the logarithm of its probability.
 *
 * @param {{digit: number, before: number, after: number}} probabilities of the right digit
 * @returns {Outcome}
 */
export function digitOutcome({ digit, before, after }) {
  const [old, now] = [before, after].map((probability) => -Math.log(probability));
  const move = now > old ? "rose" : "fell";
  const why =
    `It ${move} from ${short(old)} to ${short(now)}: the probability of ${digit} went from ${percent(before)} to ` +
    `${percent(after)}. A step goes downhill for its own image, not for yours.`;
  return { truth: now > old ? "rises" : "falls", why };
}
