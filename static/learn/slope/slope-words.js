/** What the page says about the ball: where the slope leads it, and what its steps do. */

import { courseWords, twoDigits } from "../../charts/course-words.js";
import { short } from "../../page/format.js";

// A step of a smaller share of the chart than this can't be seen.
const MIN_STEP = 1e-4;
const SLOW_STEPS = 10;
const SLOW_SHARE = 0.3;
const TOO_WIDE = "The step is wider than the valley.";

/**
 * A number with a real minus sign.
 *
 * @param {number} number
 */
export function signed(number) {
  return short(number).replaceAll("-", "−");
}

/**
 * @param {object} walk
 * @param {import("./slope-curve.js").CostAt[]} walk.points where the ball was, and last where it is
 * @param {number | null} walk.next where it leaves the widest chart, null while it stays inside
 * @param {number} walk.learningRate
 * @param {number} walk.span how far the chart reaches to each side
 * @param {number | null} walk.ridge the top between a shallow valley on the right and a deeper one, if there is one
 */
export function sentenceAbout({ points, next, learningRate, span, ridge }) {
  const here = points.at(-1);
  const before = points.at(-2);
  if (next !== null) return `${TOO_WIDE} The next one leads to ${signed(next)}, far outside the chart: it diverges.`;
  const hasJumped = before && before.slope * here.slope < 0;
  if (hasJumped && here.cost > before.cost) return `It jumped across the valley and landed higher. ${TOO_WIDE}`;
  if (hasJumped && here.cost > points[0].cost) return `It jumps from side to side, higher than it began. ${TOO_WIDE}`;
  if (here.slope === 0) return "The slope is 0: no step moves the ball, whatever the learning rate.";
  if (isAtRest(here, learningRate, span)) {
    if (ridge !== null && here.value > ridge) {
      return "Level ground, so it is stuck. The other valley is deeper, but the slope here doesn't show that.";
    }
    return before
      ? "Almost level: the slope is so small that the ball stays here. This is the bottom of a valley."
      : "Here the slope is so small that a step at this learning rate hardly moves the ball.";
  }
  if (hasJumped) return "It jumped across the valley and landed lower.";
  const moved = Math.abs(here.value - points[0].value);
  if (points.length > SLOW_STEPS && moved < SLOW_SHARE * span && points[0].slope * here.slope > 0) {
    const hasFlattened = Math.abs(here.slope) < Math.abs(points[0].slope) / 2;
    if (!hasFlattened) return `${points.length - 1} steps, and it has hardly moved: the learning rate is too small.`;
  }
  return here.slope < 0
    ? "The slope is negative: the cost falls to the right, so the step goes right."
    : "The slope is positive: the cost falls to the left, so the step goes left.";
}

/**
 * What a screen reader says about the curve.
 *
 * @param {{x: number, y: number}[]} curve
 */
export function curveWords(curve) {
  const words = courseWords(curve, { at: twoDigits, during: (x) => `until ${twoDigits(x)}` });
  return `From left to right the curve ${words[0].toLowerCase()}${words.slice(1)}`;
}

/**
 * Whether a step would be too small to see.
 *
 * @param {import("./slope-curve.js").CostAt} here
 * @param {number} learningRate
 * @param {number} span
 */
export function isAtRest({ slope }, learningRate, span) {
  return Math.abs(learningRate * slope) < MIN_STEP * span;
}
