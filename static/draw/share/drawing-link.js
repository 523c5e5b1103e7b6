/** A drawing's strokes in the address of the draw page: `drawing=`, as in the lessons. */

import { decode, encode } from "../../sheet/stroke-code.js";

/** @import {Stroke} from "../../sheet/drawing.js" */

const KEY = "drawing";

/**
 * @param {string} address of the page
 * @param {Stroke[]} strokes none take the drawing out of it
 */
export function withDrawing(address, strokes) {
  const url = new URL(address);
  url.hash = "";
  url.searchParams.delete(KEY);
  if (strokes.length > 0) url.searchParams.set(KEY, encode(strokes));
  return url.href;
}

/**
 * @param {string} address
 * @returns {Stroke[] | null} none for an address without a drawing, null for a damaged one
 */
export function drawingIn(address) {
  return decode(new URL(address).searchParams.get(KEY) ?? "");
}

/**
 * @param {string} address with any other keys, in any order
 * @param {Stroke[]} strokes
 */
export function hasDrawing(address, strokes) {
  return new URL(address).searchParams.get(KEY) === encode(strokes);
}
