/**
 * Strokes as a short text for an address, in base64url: two bytes for each point on a grid of 255 by 255, and a byte of
 * 255 between strokes.
 */

const LAST = 254;
const END = 255;
// About 600 letters: 200 points, more than a digit needs.
const MAX_BYTES = 450;
const MAX_TEXT = 4 * Math.ceil(MAX_BYTES / 3);
// Points closer than this on the grid are left out; the pen is 18 wide.
const MIN_DISTANCE = 4;
const WIDER = 1.3;

/**
 * @param {import("./drawing.js").Stroke[]} strokes
 * @returns {string} "" for no strokes
 */
export function encode(strokes) {
  const onGrid = strokes.map((stroke) => stroke.map(({ x, y }) => [gridded(x), gridded(y)]));
  let distance = MIN_DISTANCE;
  let bytes = bytesOf(onGrid, distance);
  while (bytes.length > MAX_BYTES && distance < 2 * LAST) {
    distance *= WIDER;
    bytes = bytesOf(onGrid, distance);
  }
  // More strokes than any digit has; the address stores the first ones.
  if (bytes.length > MAX_BYTES) bytes = bytes.slice(0, bytes.lastIndexOf(END, MAX_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/**
 * @param {string} text
 * @returns {import("./drawing.js").Stroke[] | null} null for what `encode` can't have written
 */
export function decode(text) {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1 || text.length > MAX_TEXT) return null;
  const bytes = Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  if (bytes.length === 0) return [];
  /** @type {number[][]} */
  const parts = [[]];
  for (const byte of bytes) {
    if (byte === END) parts.push([]);
    else parts.at(-1).push(byte);
  }
  if (parts.some((part) => part.length === 0 || part.length % 2 === 1)) return null;
  return parts.map((part) =>
    Array.from({ length: part.length / 2 }, (_, i) => ({ x: part[2 * i] / LAST, y: part[2 * i + 1] / LAST })),
  );
}

/** @param {number} share */
function gridded(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * LAST);
}

/**
 * @param {number[][][]} strokes on the grid
 * @param {number} distance
 */
function bytesOf(strokes, distance) {
  return strokes.flatMap((stroke, i) => [...(i > 0 ? [END] : []), ...thinned(stroke, distance).flat()]);
}

/**
 * A stroke's ends, and the points between that are at least `distance` from the previous one.
 *
 * @param {number[][]} stroke
 * @param {number} distance
 */
function thinned(stroke, distance) {
  const kept = [stroke[0]];
  for (const point of stroke.slice(1, -1)) {
    const [x, y] = kept.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) >= distance) kept.push(point);
  }
  if (stroke.length > 1) kept.push(stroke.at(-1));
  return kept;
}
