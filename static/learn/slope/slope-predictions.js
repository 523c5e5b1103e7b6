/**
 * The questions of the lesson on the slope. Each is answered by what the ball then does.
 *
 * @typedef {import("./slope-curve.js").CostAt} CostAt
 * @typedef {import("../predict/predictions.js").Outcome} Outcome
 */

import { parameterOf } from "../../network/parameter-address.js";
import { short } from "../../page/format.js";
import { RIDGE } from "./slope-curve.js";
import { SITUATIONS } from "./slope-situations.js";
import { fetchWalk, MAX_STEPS } from "./slope-source.js";
import { signed } from "./slope-words.js";

// On less than this the ball doesn't move.
const LEVEL = 0.001;
const FIRST = { curve: "parameter", pick: "3.4.4", about: "many", at: undefined, rate: undefined };
const RATES = { small: 0.3, middle: 3, large: Number(SITUATIONS.large.rate) };

/**
 * @param {object} page
 * @param {(situation: object, steps: number | null) => void} page.show puts the ball there; with null it then runs
 * @param {() => {points: CostAt[], isWhole: boolean, rate: number, isRunning: boolean} | null} page.seen
 * @returns {Record<string, import("../predict/predictions.js").Prediction>}
 */
export function slopePredictions({ show, seen }) {
  /** @type {Record<string, CostAt[]> | null} */
  let walks = null;
  return {
    step: {
      setUp: () => show(FIRST, 0),
      begin: () => show(FIRST, 1),
      outcome() {
        const now = seen();
        return now?.isWhole && now.points.length === 2 ? stepOutcome(now.points, now.rate) : null;
      },
    },
    rate: {
      setUp: () => show({ ...SITUATIONS.large, rate: undefined }, 0),
      async begin() {
        walks = null;
        show(SITUATIONS.large, null);
        walks = await walksAt(RATES);
      },
      outcome: () => (walks && seen()?.isRunning === false ? rateOutcome(walks, RATES) : null),
    },
    valley: {
      setUp: () => show(SITUATIONS.stuck, 0),
      begin: () => show(SITUATIONS.stuck, null),
      outcome() {
        const now = seen();
        return now && !now.isRunning && now.points.length > 2 ? valleyOutcome(now.points) : null;
      },
    },
  };
}

/**
 * From where the ball never settles at the large one.
 *
 * @param {Record<string, number>} rates by name
 * @returns {Promise<Record<string, CostAt[]>>}
 */
async function walksAt(rates) {
  const { pick, at } = SITUATIONS.large;
  /** @type {import("./slope-source.js").Line} */
  const line = { kind: "parameter", parameter: parameterOf(String(pick)), seed: 0, about: null };
  const walk = (/** @type {number} */ rate) => fetchWalk({ line, start: Number(at), rate, steps: MAX_STEPS });
  const walks = await Promise.all(Object.values(rates).map(walk));
  return Object.fromEntries(Object.keys(rates).map((name, i) => [name, walks[i].points]));
}

/**
 * @param {CostAt[]} points before and after a step
 * @param {number} rate
 * @returns {Outcome}
 */
export function stepOutcome([before, after], rate) {
  const isLeft = after.value < before.value;
  const length = short(Math.abs(after.value - before.value));
  const why =
    `The slope was ${signed(before.slope)}, so the step went ${isLeft ? "left" : "right"}: ` +
    `${rate} · ${short(Math.abs(before.slope))} = ${length} far.`;
  if (before.slope * after.slope < 0) return { truth: "across", why };
  return { truth: isLeft ? "left" : "right", why };
}

/**
 * @param {Record<string, CostAt[]>} walks from one place, by the name of their rate
 * @param {Record<string, number>} rates by the same names
 * @returns {Outcome}
 */
export function rateOutcome(walks, rates) {
  const ends = Object.entries(walks).map(([name, points]) => ({ name, cost: points[points.length - 1].cost }));
  const [highest, ...others] = ends.sort((one, other) => other.cost - one.cost);
  const [start, ...steps] = walks[highest.name];
  const settled = [...new Set(others.map(({ cost }) => short(cost)))].join(" and ");
  const why =
    `With ${rates[highest.name]} the steps cross the valley and land higher: the cost goes from ` +
    `${short(start.cost)} to ${short(highest.cost)} in ${steps.length} steps. With the other rates it ends at ${settled}.`;
  return { truth: highest.name, why };
}

/**
 * @param {CostAt[]} points
 * @returns {Outcome}
 */
export function valleyOutcome(points) {
  const { value, slope } = points[points.length - 1];
  if (value < RIDGE) return { truth: "yes", why: `It came over the ridge, to ${signed(value)}.` };
  const height = Math.abs(slope) < LEVEL ? "almost 0" : signed(slope);
  const why = `It stays at ${signed(value)}, where the slope is ${height}: nothing there says which way is deeper.`;
  return { truth: "no", why };
}
