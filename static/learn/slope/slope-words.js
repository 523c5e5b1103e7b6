/** What is to be said of the ball: where the slope leads it, and what its steps are doing. */

import { short } from "../../page/format.js";

// A step of less than this share of the chart is no step that anybody sees.
const UNSEEN = 1e-4;
const SLOW_STEPS = 10;
const HARDLY = 0.3;
const WIDER = "The step is larger than the valley is wide.";

/** With the minus sign that mathematics has. */
export function signed(number) {
  return short(number).replaceAll("-", "−");
}

/**
 * @param {object} walk
 * @param {import("./slope-curve.js").CostAt[]} walk.points where the ball was, and last where it is
 * @param {number | null} walk.next where it leaves every chart, null when it stays
 * @param {number} walk.learningRate
 * @param {number} walk.span how far the chart reaches to each side
 * @param {number | null} walk.ridge what separates a shallow valley above it from a deeper one below, if there is one
 */
export function sentenceAbout({ points, next, learningRate, span, ridge }) {
  const here = points.at(-1);
  const before = points.at(-2);
  if (next !== null) return `${WIDER} The next one leads to ${signed(next)}, far off the chart: it diverges.`;
  const hasJumped = before && before.slope * here.slope < 0;
  if (hasJumped && here.cost > before.cost) return `It jumped across the valley and landed higher. ${WIDER}`;
  if (hasJumped && here.cost > points[0].cost) return `It jumps from side to side, above where it began. ${WIDER}`;
  if (here.slope === 0) return "The slope is 0: whatever the learning rate, no step moves the ball.";
  if (isAtRest(here, learningRate, span)) {
    if (ridge !== null && here.value > ridge) {
      return "Level ground, so it is stuck. The other valley is deeper, but nothing here tells.";
    }
    return before
      ? "Almost level: the slope is so small that the steps come to nothing. This is the bottom of a valley."
      : "Here the slope is so small that a step at this learning rate hardly moves the ball.";
  }
  if (hasJumped) return "It jumped across the valley, and landed lower.";
  const moved = Math.abs(here.value - points[0].value);
  if (points.length > SLOW_STEPS && moved < HARDLY * span && points[0].slope * here.slope > 0) {
    const isFast = Math.abs(here.slope) < Math.abs(points[0].slope) / 2;
    if (!isFast) return `${points.length - 1} steps, and it has hardly moved: the learning rate is too small.`;
  }
  return here.slope < 0
    ? "The slope is below 0: the cost falls to the right, so the step leads to the right."
    : "The slope is above 0: the cost falls to the left, so the step leads to the left.";
}

/**
 * Whether a step would move the ball by nothing that can be seen.
 *
 * @param {import("./slope-curve.js").CostAt} here
 * @param {number} learningRate
 * @param {number} span
 */
export function isAtRest({ slope }, learningRate, span) {
  return Math.abs(learningRate * slope) < UNSEEN * span;
}
