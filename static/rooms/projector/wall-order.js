/**
 * Which drawings are on the wall, in which order, how many are read right, and how large their tiles are.
 *
 * @import {RoomState, WallDrawing} from "../../page/room-stream.js"
 * @typedef {"came" | "surest" | "wrong" | "digit"} Order
 */

import { isRight } from "../tile.js";

/**
 * The drawings for the room's question, with those that are not shown. The room's own data set has those of all questions that have a label.
 *
 * @param {Iterable<WallDrawing>} drawings
 * @param {Pick<RoomState, "activity" | "round">} room
 */
export function forQuestion(drawings, { activity, round }) {
  return [...drawings].filter((drawing) => {
    if (activity === "watch") return false;
    return activity === "collect" ? drawing.label !== null : drawing.round === round;
  });
}

/** @param {WallDrawing[]} drawings */
export function onWall(drawings) {
  return drawings.filter(({ place }) => place !== "away");
}

/**
 * What is face down comes last, unless all are as they came.
 *
 * @param {WallDrawing[]} drawings
 * @param {Order} order
 */
export function ordered(drawings, order) {
  const keys = KEYS[order];
  return [...drawings].sort((a, b) => {
    if (order !== "came" && a.place !== b.place) return a.place === "up" ? -1 : 1;
    const isBoth = a.place === "up" && b.place === "up";
    const [first, second] = isBoth ? [keys(a), keys(b)] : [[], []];
    const at = first.findIndex((key, i) => key !== second[i]);
    return at < 0 ? a.id - b.id : first[at] - second[at];
  });
}

/** @type {Record<Order, (drawing: WallDrawing) => number[]>} of a drawing that is up; the lowest first */
const KEYS = {
  came: () => [],
  surest: ({ confidence = 0 }) => [-confidence],
  // The surest mistakes are the most interesting ones.
  wrong: (drawing) => [isRight(drawing) === false ? 0 : 1, -(drawing.confidence ?? 0)],
  digit: ({ label, digit = 0 }) => [label ?? digit, label === digit ? 0 : 1],
};

/**
 * @param {WallDrawing[]} drawings
 * @returns how many are in each place, and of those that are up, how many have a label and are read right
 */
export function countsOf(drawings) {
  /** @param {WallDrawing["place"]} place */
  const at = (place) => drawings.filter((drawing) => drawing.place === place);
  const up = at("up");
  const known = up.map(isRight).filter((right) => right !== null);
  return {
    up: up.length,
    down: at("down").length,
    waits: at("waits").length,
    away: at("away").length,
    labelled: known.length,
    right: known.filter(Boolean).length,
  };
}

// A few tiles stand in one row where that makes them only a little smaller.
const ONE_ROW = 0.75;

/**
 * The largest side of square pictures with which all tiles fit.
 *
 * @param {number} count
 * @param {{width: number, height: number, gap: number, caption: number}} space in pixels; a tile has a caption below its
 *   picture
 * @param {number} most
 * @returns {number} 0 or less where not even the captions fit
 */
export function sideOf(count, { width, height, gap, caption }, most) {
  let [best, row] = [-Infinity, -Infinity];
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns) || 1;
    const across = (width - gap * (columns - 1)) / columns;
    const down = (height - gap * (rows - 1)) / rows - caption;
    row = Math.min(across, down, most);
    best = Math.max(best, row);
  }
  return row >= ONE_ROW * best ? row : best;
}
