/**
 * A made-up curve with two valleys, which a single parameter of the network hardly ever has: a narrow, shallow valley
 * on the slope of a wide, deep one.
 *
 *     C(x) = x²/2 − 1.3 e^(−4 (x − 2)²)
 *
 * Its valleys are at x = 0, where C = 0, and at x = 1.796, where C = 0.512; the ridge between them is at x = 1.378. In
 * the narrow valley the slope changes 4 times as fast as in the wide one, so a learning rate that is too large for the
 * narrow valley still settles in the wide one.
 *
 * The answers have the shapes of POST /lessons/slice and /lessons/walk.
 *
 * @typedef {{value: number, cost: number, slope: number}} CostAt
 */

const DEPTH = 1.3;
const NARROWNESS = 4;
const DIP = 2;
/** Where the ball starts: on the outer side of the shallow valley. */
export const START = 3;
/** The top between the two valleys. */
export const RIDGE = 1.378;
// Beyond this, a walk has diverged.
const BOUND = 1e6;

/** @param {number} x */
export function costOf(x) {
  return (x * x) / 2 - DEPTH * Math.exp(-NARROWNESS * (x - DIP) ** 2);
}

/** @param {number} x */
export function slopeOf(x) {
  return x + 2 * NARROWNESS * DEPTH * (x - DIP) * Math.exp(-NARROWNESS * (x - DIP) ** 2);
}

/**
 * @param {number} x
 * @returns {CostAt}
 */
export function at(x) {
  return { value: x, cost: costOf(x), slope: slopeOf(x) };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function sliceOf(low, high, count) {
  const points = Array.from({ length: count }, (_, i) => at(low + ((high - low) * i) / (count - 1)));
  const [values, costs, slopes] = ["value", "cost", "slope"].map((name) => points.map((point) => point[name]));
  return { values, costs, slopes, here: at(START) };
}

/**
 * x_new = x_old - learning rate * slope.
 *
 * @param {number} start
 * @param {number} learningRate
 * @param {number} steps
 */
export function walkOf(start, learningRate, steps) {
  const points = [at(start)];
  for (let step = 0; step < steps; step++) {
    const { value, slope } = points.at(-1);
    const next = value - learningRate * slope;
    if (Math.abs(next) > BOUND) return { points, diverged: true };
    points.push(at(next));
  }
  return { points, diverged: false };
}
