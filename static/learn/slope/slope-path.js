/**
 * What is drawn of a curve and of the steps on it: how far the chart reaches, and where its lines go.
 *
 * @typedef {import("./slope-curve.js").CostAt} CostAt
 * @typedef {{values: number[], costs: number[], slopes: number[], here: CostAt}} Slice
 */

// The chart doubles its width for steps that leave it, three times; what goes further has left for good.
const WIDEST = 8;
const MARGIN = 0.02;
// A curve that varies by less than this share of its cost is level: all that could be seen is its rounding.
const LEVEL = 1e-3;
const TANGENT = 0.16;

/**
 * By how much a chart must be wider than usual to hold all the values.
 *
 * @param {number[]} values
 * @param {{centre: number, span: number}} usual the middle of the chart, and how far it reaches to each side
 */
export function factorFor(values, { centre, span }) {
  const reach = Math.max(...values.map((value) => Math.abs(value - centre)));
  let factor = 1;
  while (factor < WIDEST && reach > factor * span * (1 - MARGIN)) factor *= 2;
  return factor;
}

/**
 * The first so many steps of a walk; `next` is where it leaves every chart, null when it stays.
 *
 * @param {{points: CostAt[], diverged: boolean}} walk
 * @param {number} steps
 * @param {number} learningRate
 * @param {{centre: number, span: number}} usual
 * @returns {{points: CostAt[], next: number | null}}
 */
export function walked({ points, diverged }, steps, learningRate, { centre, span }) {
  const isOut = ({ value }) => Math.abs(value - centre) > WIDEST * span;
  const out = points.findIndex(isOut, 1);
  const end = out > 0 ? out : points.length;
  const shown = points.slice(0, Math.min(steps + 1, end));
  const { value, slope } = shown.at(-1);
  const isLast = shown.length === end && (out > 0 || diverged);
  return { points: shown, next: isLast ? value - learningRate * slope : null };
}

/**
 * The cost and the slope at a place between those that are known, while the exact ones are on their way: the cubic
 * that has both neighbours' costs and slopes.
 *
 * @param {Slice} slice
 * @param {number} value
 * @returns {CostAt}
 */
export function between({ values, costs, slopes }, value) {
  const after = Math.min(
    values.length - 1,
    Math.max(
      1,
      values.findIndex((other) => other >= value),
    ),
  );
  const before = after - 1;
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
 * The curve through all that is known of it, so that each step lies on it.
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
 * The heights between which the chart shows the curve: from 0, unless the curve varies too little to be seen so.
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
  // A little below 0, so that a ball down there is a whole one.
  return [Math.min(0, low) - high / 20, high + high / 20];
}

/**
 * The two ends of the tangent, as long on the screen wherever it lies.
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
