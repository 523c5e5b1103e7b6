/** The landscape's sentences. */

import { counted, courseWords } from "../../charts/course-words.js";
import { percent, short, whole } from "../../page/format.js";
import { imagesSeen } from "./gradient-question.js";

/**
 * @typedef {{step: number, x: number, y: number, cost: number, norm: number}} Point
 * @typedef {object} Place
 * @property {Point} here
 * @property {boolean} isStop whether the path ends here
 * @property {number} tolerance
 * @typedef {import("./gradient-question.js").PathPlane} PathPlane
 * @typedef {object} Surface the answer of POST /lessons/surface
 * @property {number[]} xs
 * @property {number[]} ys
 * @property {number[][]} costs costs[y][x]
 * @property {Point[]} path
 * @property {Point[] | null} rival
 * @property {number} in_plane the share of the movement that lies in the plane, 0..1
 */

/** @param {Place} place */
export function placeWords({ here, isStop, tolerance }) {
  const { step, cost, norm } = here;
  const place = `After step ${whole(step)} the cost is ${short(cost)}, the norm ${short(norm)}.`;
  if (!isStop) return place;
  if (norm < tolerance) return `${place} That is below the tolerance of ${short(tolerance)}: it stops.`;
  return `${place} It has no steps left.`;
}

/**
 * Where the other descent is after as many steps.
 *
 * @param {PathPlane} plane
 * @param {Point} here
 * @param {Point} there
 */
export function rivalWords(plane, here, there) {
  const { rival } = plane;
  const { step, cost } = there;
  const place = `The dashed path (${rivalName(plane)}) has a cost of ${short(cost)} after step ${whole(step)}`;
  if (rival.batch_size === plane.batch_size) return `${place}.`;
  const [second, first] = [imagesSeen(rival, step), imagesSeen(plane, here.step)];
  return `${place}. It has seen ${whole(second)} images, the other ${whole(first)}.`;
}

/**
 * "full batch", "batches of 10", "η = 0.3".
 *
 * @param {PathPlane} plane
 */
export function rivalName({ rival, learning_rate }) {
  if (rival.learning_rate !== learning_rate) return `η = ${short(rival.learning_rate)}`;
  return rival.batch_size === null ? "full batch" : `batches of ${rival.batch_size}`;
}

/**
 * What the map shows.
 *
 * @param {Surface} surface
 * @param {"path" | "random"} plane
 */
export function planeWords({ in_plane, rival }, plane) {
  if (plane === "random") return "It can move in these two directions only. The trained network is in the middle.";
  return `This plane shows ${percent(in_plane)} of ${rival ? "both movements" : "its movement"}.`;
}

/**
 * What a screen reader says about the map.
 *
 * @param {Surface} surface
 * @param {Point} here
 */
export function mapSummary({ costs, path, rival }, here) {
  const all = costs.flat();
  const summary =
    `A map of the cost, from ${short(Math.min(...all))} to ${short(Math.max(...all))}. ` +
    `The path starts at a cost of ${short(path[0].cost)} and after step ${whole(here.step)} is at ${short(here.cost)}.`;
  return rival ? `${summary} A second, dashed path starts at the same place.` : summary;
}

/**
 * What a screen reader says about the chart of the norm.
 *
 * @param {Surface} surface
 */
export function normSummary({ path }) {
  const ends = `${short(path[0].norm)} at the start, ${short(path.at(-1).norm)} at the end`;
  const points = path.map(({ step, norm }) => ({ x: step, y: norm }));
  return `The norm of the gradient: ${ends}. ${courseWords(points, counted("step"))}`;
}

// From this probability on, an answer is "more than 99% sure" on the page where one draws.
const SURE = 0.99;

/**
 * @typedef {object} Gradient of one digit, or the mean of many
 * @property {"trained" | "random"} network
 * @property {{digit: number} | null} about null for 1,000 digits
 * @property {number | null} reads what the trained network answers
 * @property {number} cost
 * @property {number} norm
 */

/** @param {Gradient} gradient */
export function slopesWords(gradient) {
  const { cost, norm } = gradient;
  return `The cost is ${short(cost)}, the norm of the gradient ${short(norm)}. ${meaningOf(gradient)}`;
}

/** @param {Gradient} gradient */
function meaningOf({ network, about, reads, cost }) {
  const isRandom = network === "random";
  if (!about) {
    return isRandom
      ? "A step down this slope lowers the mean cost of the 1,000, but not the cost of each one."
      : "One digit pulls a weight up, another pulls it down: in the mean most of it cancels out.";
  }
  if (isRandom) return "It knows nothing yet. Weights from paper don't matter: paper is 0, and 0 times a weight is 0.";
  if (reads !== about.digit) {
    return `It says ${reads}, you say ${about.digit}: a step would move it towards ${about.digit}.`;
  }
  // The cost of one digit, cross-entropy, is minus the logarithm of its probability.
  if (Math.exp(-cost) > SURE) {
    return "It is right and sure: there is almost nothing to learn here. Say you mean another digit, and see.";
  }
  return "It is right, but not quite sure: there is a little to learn.";
}
