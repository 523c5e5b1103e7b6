/** Strokes as the server takes and gives them: lists of points [x, y] in 0..1 of the sheet, y downwards. */

import { PEN_WIDTH } from "./drawing.js";

/** @import {Stroke} from "./drawing.js" */
/** @typedef {{strokes: number, points: number}} Limits of a drawing */

// As many decimals as the server keeps.
const GRID = 10_000;
// A fast mouse tells a thousand points a second. Closer ones than this make no difference to the line.
const MIN_DISTANCE = 0.004;
// A pen farther outside the sheet leaves nothing on it.
const MAX_OUTSIDE = PEN_WIDTH / 2;

/**
 * @param {Stroke[]} strokes
 * @param {number} [distance] the least between two points, as a share of the sheet
 * @returns {number[][][]} what can be seen of them: a stroke that leaves the sheet and comes back becomes two
 */
export function toPoints(strokes, distance = MIN_DISTANCE) {
  return strokes.flatMap((stroke) => seen(stroke, distance));
}

/**
 * As `toPoints`, with as many points as the server takes: very long strokes become coarser.
 *
 * @param {Stroke[]} strokes
 * @param {Limits} limits
 * @returns {number[][][] | null} null for too many strokes
 */
export function toPointsWithin(strokes, limits) {
  for (let distance = MIN_DISTANCE; ; distance *= 2) {
    const points = toPoints(strokes, distance);
    if (points.length > limits.strokes) return null;
    if (points.reduce((sum, stroke) => sum + stroke.length, 0) <= limits.points) return points;
  }
}

/**
 * @param {number[][][]} strokes
 * @returns {Stroke[]}
 */
export function fromPoints(strokes) {
  return strokes.map((stroke) => stroke.map(([x, y]) => ({ x, y })));
}

/**
 * @param {Stroke} stroke
 * @param {number} distance
 */
function seen(stroke, distance) {
  /** @type {number[][][]} */
  const parts = [[]];
  for (const { x, y } of stroke) {
    const part = parts.at(-1);
    const point = [onSheet(x), onSheet(y)];
    const last = part.at(-1);
    if (Math.hypot(x - point[0], y - point[1]) > MAX_OUTSIDE) parts.push([]);
    else if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= distance) part.push(point);
  }
  return parts.filter((part) => part.length > 0);
}

/** @param {number} share */
function onSheet(share) {
  return Math.round(GRID * Math.min(1, Math.max(0, share))) / GRID;
}
