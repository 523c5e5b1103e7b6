/** The landscape's sentences. */

import { percent, short, whole } from "../../page/format.js";
import { imagesSeen } from "./gradient-question.js";

/**
 * @typedef {{step: number, x: number, y: number, cost: number, norm: number}} Point
 * @typedef {object} Place
 * @property {Point} here
 * @property {boolean} isStop whether the path goes no further
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
  const told = `After step ${whole(step)} the cost is ${short(cost)}, the norm ${short(norm)}.`;
  if (!isStop) return told;
  if (norm < tolerance) return `${told} That is below the tolerance of ${short(tolerance)}: it stops.`;
  return `${told} Only the number of steps stops it.`;
}

/**
 * What the other descent did in as many steps.
 *
 * @param {PathPlane} plane
 * @param {Point} here
 * @param {Point} there
 */
export function rivalWords(plane, here, there) {
  const sizes = [plane.rival, plane].map(({ batch_size }) => batch_size);
  const told = `The dashed one, ${rivalName(plane)}, is after step ${whole(there.step)} at ${short(there.cost)}`;
  if (sizes[0] === sizes[1]) return `${told}.`;
  const [second, first] = [imagesSeen(plane.rival, there.step), imagesSeen(plane, here.step)];
  return `${told}; it has looked at ${whole(second)} images, the other at ${whole(first)}.`;
}

/**
 * "full batch", "batches of 10", "with η = 0.3".
 *
 * @param {PathPlane} plane
 */
export function rivalName({ rival, learning_rate }) {
  if (rival.learning_rate !== learning_rate) return `with η = ${short(rival.learning_rate)}`;
  return rival.batch_size === null ? "full batch" : `batches of ${rival.batch_size}`;
}

/**
 * What the map shows.
 *
 * @param {Surface} surface
 * @param {"path" | "random"} plane
 */
export function planeWords({ in_plane, rival }, plane) {
  if (plane === "random") return "It may move in these two directions alone. The trained network is in the middle.";
  return `This plane holds ${percent(in_plane)} of ${rival ? "both their ways" : "its way"}.`;
}

/**
 * What a screen reader says of the map.
 *
 * @param {Surface} surface
 * @param {Point} here
 */
export function mapSummary({ costs, path, rival }, here) {
  const all = costs.flat();
  const told =
    `A map of the cost, from ${short(Math.min(...all))} to ${short(Math.max(...all))}. ` +
    `The path begins at a cost of ${short(path[0].cost)} and after step ${whole(here.step)} is at ${short(here.cost)}.`;
  return rival ? `${told} A second, dashed path begins at the same place.` : told;
}

/**
 * What a screen reader says of the chart of the norm.
 *
 * @param {Surface} surface
 */
export function normSummary({ path }) {
  return `The norm of the gradient: ${short(path[0].norm)} at the start, ${short(path.at(-1).norm)} at the end.`;
}

// Below this a step moves nothing that one could see.
const TINY = 0.05;

/**
 * What the gradient of one digit, or of many, says.
 *
 * @param {object} found
 * @param {"trained" | "random"} found.network
 * @param {{digit: number} | null} found.about null for 1,000 digits
 * @param {number | null} found.reads what the trained network answers
 * @param {number} found.cost
 * @param {number} found.norm
 */
export function slopesWords({ network, about, reads, cost, norm }) {
  return `The cost is ${short(cost)}, the norm of the gradient ${short(norm)}. ${meaning({ network, about, reads, norm })}`;
}

function meaning({ network, about, reads, norm }) {
  const isRandom = network === "random";
  if (!about) {
    return isRandom
      ? "A step down this slope is a little better for the 1,000 on the whole, not for each of them."
      : "One digit pulls a weight up, another pulls it down: in the mean most of it cancels.";
  }
  if (isRandom) return "It knows nothing yet. Only weights from pixels with ink matter: 0 times a weight is 0.";
  if (reads !== about.digit)
    return `It says ${reads}, you say ${about.digit}: a step would move it towards ${about.digit}.`;
  if (norm < TINY)
    return "It is right and sure: there is all but nothing to learn here. Call it another digit and see.";
  return "It is right, though not quite sure: there is a little to learn.";
}
