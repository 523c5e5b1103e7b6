/**
 * The geometry of the chart: how far it reaches, and where the curve, the steps and the tangent go.
 *
 * @typedef {import("./slope-curve.js").CostAt} CostAt
 * @typedef {{values: number[], costs: number[], slopes: number[], here: CostAt}} Slice
 */

// The chart doubles its width for steps that leave it, up to this factor. Beyond that, a walk has diverged.
const MAX_FACTOR = 8;
const MARGIN = 0.02;
// A curve that varies by a smaller share of its cost than this is level: the chart would show only rounding.
const LEVEL = 1e-3;
// Half the tangent's length, as a share of the chart's width.
const TANGENT = 0.16;

/**
 * By how much the chart must be wider than usual to hold all the values.
 *
 * @param {number[]} values
 * @param {{centre: number, span: number}} usual the middle of the chart, and how far it reaches to each side
 */
export function factorFor(values, { centre, span }) {
  const reach = Math.max(...values.map((value) => Math.abs(value - centre)));
  let factor = 1;
  while (factor < MAX_FACTOR && reach > factor * span * (1 - MARGIN)) factor *= 2;
  return factor;
}

/**
 * The first steps of a walk. `next` is where it leaves the widest chart, null while it stays inside.
 *
 * @param {{points: CostAt[], diverged: boolean}} walk
 * @param {number} steps
 * @param {number} learningRate
 * @param {{centre: number, span: number}} usual
 * @returns {{points: CostAt[], next: number | null}}
 */
export function firstSteps({ points, diverged }, steps, learningRate, { centre, span }) {
  /** @param {CostAt} point */
  const isOut = ({ value }) => Math.abs(value - centre) > MAX_FACTOR * span;
  const out = points.findIndex(isOut, 1);
  const end = out > 0 ? out : points.length;
  const shown = points.slice(0, Math.min(steps + 1, end));
  const { value, slope } = shown.at(-1);
  const isLast = shown.length === end && (out > 0 || diverged);
  return { points: shown, next: isLast ? value - learningRate * slope : null };
}

/**
 * Estimates the cost and the slope at a value until the exact ones arrive: cubic Hermite interpolation between the
 * two neighbours.
 *
 * @param {Slice} slice
 * @param {number} value
 * @returns {CostAt}
 */
export function between({ values, costs, slopes }, value) {
  const found = values.filter((known) => known < value).length - 1;
  const before = Math.min(Math.max(found, 0), values.length - 2);
  const after = before + 1;
  const wide = values[after] - values[before];
  const t = Math.min(1, Math.max(0, (value - values[before]) / wide));
  const [rise, from, to] = [costs[after] - costs[before], slopes[before] * wide, slopes[after] * wide];
  const [square, cube] = [3 * rise - 2 * from - to, from + to - 2 * rise];
  return {
    value,
    cost: costs[before] + t * (from + t * (square + t * cube)),
    slope: (from + t * (2 * square + 3 * t * cube)) / wide,
  };
}

/**
 * The curve through all known places, so that each step lies on it.
 *
 * @param {Slice} slice
 * @param {CostAt[]} points
 */
export function curveThrough({ values, costs }, points) {
  const known = new Map(values.map((value, i) => [value, costs[i]]));
  for (const { value, cost } of points) known.set(value, cost);
  return [...known].sort(([a], [b]) => a - b).map(([x, y]) => ({ x, y }));
}

/**
 * The range of heights in the chart: from 0, unless the curve would look flat.
 *
 * @param {{y: number}[]} curve
 * @returns {[number, number]}
 */
export function heightsOf(curve) {
  const heights = curve.map(({ y }) => y);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const varies = high - low;
  if (varies <= LEVEL * Math.abs(high)) return [0, 2 * high || 1];
  if (low > high / 2) return [low - varies / 8, high + varies / 8];
  // A little below 0, so that a ball at 0 isn't cut off.
  return [Math.min(0, low) - high / 20, high + high / 20];
}

/**
 * The two ends of the tangent, which is equally long on the screen everywhere.
 *
 * @param {CostAt} here
 * @param {[number, number]} xRange
 * @param {[number, number]} yRange
 */
export function tangentAt({ value, cost, slope }, xRange, yRange) {
  const [wide, high] = [xRange[1] - xRange[0], yRange[1] - yRange[0]];
  const half = (TANGENT * wide) / Math.hypot(1, (slope * wide) / high);
  return [-half, half].map((away) => ({ x: value + away, y: cost + slope * away }));
}
