/**
 * The questions of the lesson on the gradient. Each is answered by the server's numbers.
 *
 * @typedef {import("../predict/predictions.js").Outcome} Outcome
 * @typedef {import("../../network/layer-pictures.js").Layer} Layer
 */

import { short, whole } from "../../page/format.js";
import { DEFAULTS } from "./gradient-question.js";

/** @typedef {ReturnType<typeof import("./landscape.js").mountLandscape>} Landscape */

const STEEPEST = { about: "drawing", network: "random", meant: undefined };
// Where the highest cost on the map is less than this many times the lowest, it is flat.
const FLAT = 2;

/**
 * @param {object} page
 * @param {import("../../page/address-state.js").AddressState} page.state
 * @param {Landscape} page.landscape
 * @param {HTMLElement} page.slopes the section
 * @param {() => import("./gradient-slopes.js").Found | null} page.found what that section shows
 * @returns {Record<string, import("../predict/predictions.js").Prediction>}
 */
export function gradientPredictions({ state, landscape, slopes, found }) {
  return {
    plane: {
      setUp: () => state.set({ ...DEFAULTS }),
      begin: () => state.set({ ...DEFAULTS, plane: "random" }),
      outcome() {
        const seen = landscape.seen();
        return seen?.question.plane.kind === "random" ? planeOutcome(seen.surface.costs) : null;
      },
    },
    images: {
      setUp: () => state.set({ ...DEFAULTS, point: 0 }),
      begin() {
        state.set({ ...DEFAULTS, against: "full", point: 0 });
        landscape.walk();
      },
      outcome() {
        const seen = landscape.seen();
        const plane = seen?.question.plane;
        if (plane?.kind !== "path" || plane.rival?.batch_size !== null || !seen.isStop) return null;
        return imagesOutcome(plane, seen.here, seen.there);
      },
    },
    steepest: {
      before: slopes,
      setUp: () => state.set({ ...STEEPEST, pick: "1.0.0" }),
      begin: () => state.set({ ...STEEPEST, pick: undefined }),
      outcome() {
        const now = found();
        const isAnswer = now?.subject.network === "random" && now.subject.about && state.get().pick === null;
        return isAnswer ? steepestOutcome(now.gradient, now.subject.about.input) : null;
      },
    },
  };
}

/**
 * @param {number[][]} costs of a map, costs[y][x]
 * @returns {Outcome}
 */
export function planeOutcome(costs) {
  const all = costs.flat();
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  const valleys = minima(costs);
  const from = `from ${short(lowest)} to ${short(highest)}`;
  if (highest < FLAT * lowest) return { truth: "flat", why: `The cost only goes ${from}.` };
  if (valleys > 1) return { truth: "valleys", why: `The map has ${valleys} lowest places. The cost goes ${from}.` };
  const why = `The cost goes ${from}, with one lowest place. There are other valleys, but these directions miss them.`;
  return { truth: "bowl", why };
}

/**
 * How many places of a map are lower than all places beside them.
 *
 * @param {number[][]} costs
 */
export function minima(costs) {
  /**
   * @param {number} y
   * @param {number} x
   */
  const isLowest = (y, x) =>
    [-1, 0, 1].every((up) =>
      [-1, 0, 1].every((right) => (up === 0 && right === 0) || !(costs[y + up]?.[x + right] <= costs[y][x])),
    );
  return costs.flatMap((row, y) => row.filter((_, x) => isLowest(y, x))).length;
}

/**
 * @param {import("./gradient-question.js").PathPlane} plane with full batch as the rival
 * @param {import("./gradient-words.js").Point} here
 * @param {import("./gradient-words.js").Point} there the rival's
 * @returns {Outcome}
 */
export function imagesOutcome(plane, here, there) {
  const isBetter = here.cost < there.cost;
  const why =
    `${whole(here.step)} rough steps reach a cost of ${short(here.cost)}, ${whole(there.step)} exact ones ` +
    `${short(there.cost)}: ` +
    (isBetter
      ? `${plane.batch_size} images show the way well, for less work.`
      : `${plane.batch_size} images don't show the way well.`);
  return { truth: isBetter ? "mini" : "full", why };
}

/**
 * @param {Layer[]} gradient by layer
 * @param {number[]} input 784 numbers, 0 where there is paper
 * @returns {Outcome}
 */
export function steepestOutcome([first, ...others], input) {
  /**
   * @param {Layer} layer
   * @param {(input: number) => boolean} [counts]
   */
  const steepest = ({ weights }, counts = () => true) =>
    Math.max(0, ...weights.flatMap((row) => row.filter((_, i) => counts(i)).map(Math.abs)));
  const slopes = {
    paper: steepest(first, (i) => input[i] === 0),
    ink: steepest(first, (i) => input[i] !== 0),
    hidden: Math.max(...others.slice(0, -1).map((layer) => steepest(layer))),
    output: steepest(others[others.length - 1]),
  };
  const why =
    `From ink it is ${short(slopes.ink)}, between hidden layers ${short(slopes.hidden)}, into an output ` +
    `${short(slopes.output)}. From paper it is ${short(slopes.paper)}: paper is 0, so its weight changes nothing.`;
  const [[truth]] = Object.entries(slopes).sort(([, one], [, other]) => other - one);
  return { truth, why };
}
