/** The question that the landscape's controls make for the server: which plane, and which descents on it. */

/**
 * @typedef {{learning_rate: number, batch_size: number | null, steps: number}} Course of a descent; null: full batch
 * @typedef {Course & {kind: "path", seed: number, rival: Course | null}} PathPlane
 * @typedef {{kind: "random", seed: number}} RandomPlane
 * @typedef {{plane: PathPlane | RandomPlane, side: number, learning_rate?: number, steps?: number}} Question
 *   the body of POST /lessons/surface
 */

/** The part of the address that belongs to the landscape. `point` counts the points of the path. */
export const DEFAULTS = {
  plane: "path",
  rate: 0.1,
  batch: 128,
  seed: 1,
  against: "nothing",
  tolerance: 0.3,
  point: 0,
};
export const CHECKS = { seed: (seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31 };

// In a random plane, distances are large and the gradient is small, so it needs other rates and tolerances.
const CHOICES = {
  path: { rate: [0.01, 0.03, 0.1, 0.3], tolerance: [0, 1, 0.5, 0.3], usual: { rate: 0.1, tolerance: 0.3 } },
  random: { rate: [10, 30, 100, 300], tolerance: [0, 0.1, 0.01, 0.001], usual: { rate: 30, tolerance: 0.01 } },
};
const IMAGES = 1_000;
const SMALL_BATCH = 10;
const FACTOR = 3;
const STEPS = 200;
// About as many images as in 200 batches of 128.
const FULL_BATCH_STEPS = 25;
const RANDOM_STEPS = 40;
const SIDE = 27;

/**
 * Whether an option of a control fits the other settings.
 *
 * @param {Record<string, any>} state
 * @param {string} name of the control
 * @param {string} value of the option
 */
export function isOffered({ plane, batch }, name, value) {
  if (name === "rate" || name === "tolerance") return CHOICES[plane][name].includes(Number(value));
  if (name !== "against") return true;
  return !(value === "full" && batch === 0) && !(value === "small" && batch === SMALL_BATCH);
}

/**
 * The changes that make the settings of a state fit each other.
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

/**
 * Whether two states need different surfaces.
 *
 * @param {Record<string, any>} now
 * @param {Record<string, any>} before
 */
export function needsOtherSurface(now, before) {
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
  const rivals = {
    nothing: null,
    full: courseOf(rate, 0),
    small: courseOf(rate, SMALL_BATCH),
    faster: courseOf(Number((rate * FACTOR).toPrecision(3)), batch),
    slower: courseOf(Number((rate / FACTOR).toPrecision(3)), batch),
  };
  const other = rivals[against];
  const rival = other && { ...other, steps: Math.min(first.steps, other.steps) };
  return { plane: { kind: "path", seed, ...first, rival }, side: SIDE };
}

/**
 * How many images a descent has seen after a number of steps.
 *
 * @param {Course} course
 * @param {number} step
 */
export function imagesSeen({ batch_size }, step) {
  return step * (batch_size ?? IMAGES);
}

/**
 * The index of the point where a descent stops: the first whose norm is below the tolerance, or the last.
 *
 * @param {{norm: number}[]} path
 * @param {number} tolerance
 */
export function stopOf(path, tolerance) {
  const stop = path.findIndex(({ norm }) => norm < tolerance);
  return stop === -1 ? path.length - 1 : stop;
}

/**
 * The points of a path up to a number of steps.
 *
 * @template {{step: number}} Point
 * @param {Point[]} path
 * @param {number} steps
 */
export function upTo(path, steps) {
  return path.filter(({ step }) => step <= steps);
}

/**
 * @param {number} rate
 * @param {number} batch 0 is full batch
 * @returns {Course}
 */
function courseOf(rate, batch) {
  return { learning_rate: rate, batch_size: batch || null, steps: batch === 0 ? FULL_BATCH_STEPS : STEPS };
}
