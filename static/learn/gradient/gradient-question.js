/** What the landscape's controls ask of the server: which plane, and which descents on it. */

/**
 * @typedef {{learning_rate: number, batch_size: number | null, steps: number}} Course of a descent; null: full batch
 * @typedef {Course & {kind: "path", seed: number, rival: Course | null}} PathPlane
 * @typedef {{kind: "random", seed: number}} RandomPlane
 * @typedef {{plane: PathPlane | RandomPlane, side: number, learning_rate?: number, steps?: number}} Question
 *   the body of POST /lessons/surface
 */

/** What the address keeps of it. `point` is a place on the path, counted in points. */
export const DEFAULTS = {
  plane: "path",
  rate: 0.1,
  batch: 128,
  seed: 1,
  against: "nothing",
  tolerance: 0.3,
  point: 40,
};
export const CHECKS = { seed: (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31 };

// A random plane is measured in the length of the parameters, and the gradient along it is short.
const CHOICES = {
  path: { rate: [0.01, 0.03, 0.1, 0.3], tolerance: [0, 1, 0.5, 0.3], usual: { rate: 0.1, tolerance: 0.3 } },
  random: { rate: [10, 30, 100, 300], tolerance: [0, 0.1, 0.01, 0.001], usual: { rate: 30, tolerance: 0.01 } },
};
const WHOLE = 1_000;
const SMALL = 10;
const FASTER = 3;
const STEPS = 200;
// About as many images as 200 batches of 128 have.
const WHOLE_BATCH_STEPS = 25;
const RANDOM_STEPS = 40;
const SIDE = 27;

/**
 * Whether a control's option makes sense beside the others.
 *
 * @param {Record<string, any>} state
 * @param {string} name of the control
 * @param {string} value of the option
 */
export function isOffered({ plane, batch }, name, value) {
  if (name === "rate" || name === "tolerance") return CHOICES[plane][name].includes(Number(value));
  if (name !== "against") return true;
  return !(value === "full" && batch === 0) && !(value === "small" && batch === SMALL);
}

/**
 * What must change in a state so that its parts fit each other.
 *
 * @param {Record<string, any>} state
 * @returns {Record<string, any>}
 */
export function fitting(state) {
  const changes = {};
  for (const [name, usual] of Object.entries({ ...CHOICES[state.plane].usual, against: "nothing" })) {
    if (!isOffered(state, name, String(state[name]))) changes[name] = usual;
  }
  return changes;
}

/** Whether another surface is needed for the one state than for the other. */
export function asksOther(now, before) {
  return ["plane", "rate", "batch", "seed", "against"].some((key) => now[key] !== before[key]);
}

/**
 * @param {Record<string, any>} state
 * @returns {Question}
 */
export function questionOf({ plane, rate, batch, seed, against }) {
  if (plane === "random") {
    return { plane: { kind: "random", seed }, side: SIDE, learning_rate: rate, steps: RANDOM_STEPS };
  }
  const first = courseOf(rate, batch);
  const ways = {
    nothing: null,
    full: courseOf(rate, 0),
    small: courseOf(rate, SMALL),
    faster: courseOf(Number((rate * FASTER).toPrecision(3)), batch),
    slower: courseOf(Number((rate / FASTER).toPrecision(3)), batch),
  };
  const rival = ways[against] && { ...ways[against], steps: Math.min(first.steps, ways[against].steps) };
  return { plane: { kind: "path", seed, ...first, rival }, side: SIDE };
}

/**
 * How many images a descent has seen after a number of steps.
 *
 * @param {Course} course
 * @param {number} step
 */
export function imagesSeen({ batch_size }, step) {
  return step * (batch_size ?? WHOLE);
}

/**
 * Where a descent stops: at the first point whose norm is below the tolerance, or at its last.
 *
 * @param {{norm: number}[]} path
 * @param {number} tolerance
 */
export function stopOf(path, tolerance) {
  const stop = path.findIndex(({ norm }) => norm < tolerance);
  return stop === -1 ? path.length - 1 : stop;
}

/**
 * The points of a path that lie no further than so many steps.
 *
 * @template {{step: number}} Point
 * @param {Point[]} path
 * @param {number} steps
 */
export function walked(path, steps) {
  return path.filter(({ step }) => step <= steps);
}

/**
 * @param {number} rate
 * @param {number} batch 0 is full batch
 * @returns {Course}
 */
function courseOf(rate, batch) {
  return { learning_rate: rate, batch_size: batch || null, steps: batch === 0 ? WHOLE_BATCH_STEPS : STEPS };
}
