/**
 * Scales of a chart: where a value lies between the ends, and which round values get a tick.
 *
 * @typedef {{at: (value: number) => number, ticks: number[]}} Scale `at` gives 0 at the low end, 1 at the high end
 */

/**
 * @param {number} low
 * @param {number} high
 * @param {number} [count] about how many ticks
 * @returns {Scale}
 */
export function linearScale(low, high, count = 5) {
  const span = high - low || 1;
  const step = roundStep(span / count);
  const ticks = [];
  // In whole steps, since repeatedly adding 0.1 would drift.
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
    ticks.push(Number((n * step).toPrecision(12)));
  }
  return { at: (value) => (value - low) / span, ticks };
}

/**
 * A tick at each power of ten, with 2 and 5 between where there are few.
 *
 * @param {number} low above 0
 * @param {number} high
 * @returns {Scale}
 */
export function logScale(low, high) {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const span = to - from || 1;
  const multiples = span > 3 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    for (const multiple of multiples) {
      const tick = Number((multiple * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { at: (value) => (Math.log10(value) - from) / span, ticks };
}

/**
 * The y scale of some lines, over their values unless a range is given.
 *
 * @param {{lines: {points: {y: number | null}[], kind: string}[], yRange: [number, number] | null, isLog: boolean}} content
 * @returns {Scale}
 */
export function scaleOf({ lines, yRange, isLog }) {
  if (yRange && !isLog) return linearScale(...yRange);
  let [low, high] = [Infinity, -Infinity];
  for (const { points, kind } of lines) {
    if (kind === "tangent") continue;
    for (const { y } of points) {
      if (y === null || (isLog && y <= 0)) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (low > high) return linearScale(0, 1);
  if (!isLog) return linearScale(Math.min(0, low * 1.05), high * 1.05 || 1);
  return logScale(low / 1.1, high * 1.1);
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9));
  return factor * power;
}
