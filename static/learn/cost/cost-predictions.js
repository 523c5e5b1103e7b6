/**
 * The questions of the lesson on the cost. Each is about the example 3, and answered by what it costs.
 *
 * @typedef {import("../predict/predictions.js").Outcome} Outcome
 * @typedef {import("./lesson-cost.js").NetworkCosts} NetworkCosts
 */

import { post } from "../../page/api.js";
import { numeral } from "./cost-numbers.js";

const EXAMPLE = 3;
const SCENE = { example: EXAMPLE, cost: "cross-entropy" };
// What the trained network takes the 3 for next, and what it takes it for least.
const NEXT = 8;
const LEAST = 1;
// Costs that differ by less count as the same.
const FACTOR = 1.5;

/**
 * @param {object} page
 * @param {(state: {example: number, cost: string, meant: number | undefined}) => void} page.show
 * @param {(digit: number) => Promise<number[]>} page.inputOf the example's pixels, once it is on the sheet
 * @param {() => number} page.seed of the random network
 * @returns {Record<string, import("../predict/predictions.js").Prediction>}
 */
export function costPredictions({ show, inputOf, seed }) {
  /**
   * @param {number} meant
   * @param {{digit: number, network: object}[]} questions
   * @returns {Promise<NetworkCosts[]>}
   */
  async function ask(meant, questions) {
    show({ ...SCENE, meant: meant === EXAMPLE ? undefined : meant });
    const input = await inputOf(EXAMPLE);
    return Promise.all(questions.map((question) => post("lessons/costs", { input, ...question })));
  }

  return {
    sure: {
      async begin() {
        const [trained, random] = await ask(NEXT, [
          { digit: NEXT, network: {} },
          { digit: NEXT, network: { seed: seed() } },
        ]);
        return sureOutcome(trained, random);
      },
    },
    worse: {
      setUp: () => show({ ...SCENE, meant: NEXT }),
      async begin() {
        const [before, after] = await ask(LEAST, [
          { digit: NEXT, network: {} },
          { digit: LEAST, network: {} },
        ]);
        return worseOutcome(before, after);
      },
    },
    mean: {
      setUp: () => show({ ...SCENE, meant: undefined }),
      async begin() {
        const [trained] = await ask(EXAMPLE, [{ digit: EXAMPLE, network: {} }]);
        return meanOutcome(trained);
      },
    },
  };
}

/**
 * @param {NetworkCosts} trained
 * @param {NetworkCosts} random
 * @returns {Outcome}
 */
export function sureOutcome(trained, random) {
  const [ofTrained, ofRandom] = [trained, random].map((costs) => costs.cross_entropy);
  const truth = same(ofTrained, ofRandom) ? "same" : ofTrained > ofRandom ? "trained" : "random";
  const [leftBy, leftByRandom] = [trained, random].map(({ outputs, wanted }) => rough(outputs[wanted.indexOf(1)]));
  const why =
    `The trained network gives the ${NEXT} only ${leftBy}, so its cost is ${rough(ofTrained)}. ` +
    `The random one gives it ${leftByRandom}: ${rough(ofRandom)}.`;
  return { truth, why };
}

/**
 * @param {NetworkCosts} before
 * @param {NetworkCosts} after with an even smaller output for the digit that was meant
 * @returns {Outcome}
 */
export function worseOutcome(before, after) {
  const rises = (/** @type {"quadratic" | "cross_entropy"} */ kind) => after[kind] - before[kind] > 1;
  const truth = rises("cross_entropy") ? (rises("quadratic") ? "both" : "entropy") : "none";
  const why =
    `The cross-entropy goes from ${rough(before.cross_entropy)} to ${rough(after.cross_entropy)}: it has no limit. The ` +
    `quadratic cost only goes from ${rough(before.quadratic)} to ${rough(after.quadratic)}.`;
  return { truth, why };
}

/**
 * @param {NetworkCosts} costs of the trained network
 * @returns {Outcome}
 */
export function meanOutcome({ cross_entropy: own, mean, sample }) {
  const truth = same(own, mean.cross_entropy) ? "same" : mean.cross_entropy > own ? "higher" : "lower";
  const all = sample.map((image) => image.cross_entropy);
  const less = all.filter((cost) => cost < own).length;
  const why =
    `This ${EXAMPLE} costs ${numeral(own)}, the mean is ${numeral(mean.cross_entropy)}. Of the first hundred, ${less} ` +
    `cost less than this ${EXAMPLE}; but a few cost much, up to ${rough(Math.max(...all))}, and lift the mean.`;
  return { truth, why };
}

/**
 * @param {number} one
 * @param {number} other
 */
function same(one, other) {
  return Math.max(one, other) < FACTOR * Math.min(one, other);
}

/** @param {number} cost */
function rough(cost) {
  return String(Number(cost.toPrecision(3)));
}
