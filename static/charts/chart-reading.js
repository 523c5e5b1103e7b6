/**
 * Reads several lines at once, whose points may lie at different places.
 *
 * @typedef {{x: number, y: number | null}} Point
 */

/**
 * @param {{points: Point[]}[]} lines
 * @returns {number[]} every x at which one of them has a value, rising
 */
export function placesOf(lines) {
  const places = new Set();
  for (const { points } of lines) for (const { x, y } of points) if (y !== null) places.add(x);
  return [...places].sort((a, b) => a - b);
}

/**
 * @param {number[]} places rising
 * @param {number} value
 * @returns {number | null} null when there are none
 */
export function nearestPlace(places, value) {
  if (places.length === 0) return null;
  const after = Math.min(countUpTo(places, value), places.length - 1);
  const before = Math.max(0, after - 1);
  return Math.abs(places[before] - value) <= Math.abs(places[after] - value) ? places[before] : places[after];
}

/**
 * @param {number[]} places rising
 * @param {number | null} from where reading is; null before it began
 * @param {number} direction 1 or -1
 * @returns {number | null} the end that is reached stays
 */
export function nextPlace(places, from, direction) {
  if (places.length === 0) return null;
  if (from === null) return direction > 0 ? places[0] : places.at(-1);
  const now = places.indexOf(nearestPlace(places, from));
  return places[Math.max(0, Math.min(places.length - 1, now + direction))];
}

/**
 * The value of a line at x, or its last one before; null before its first point and after its last.
 *
 * @param {Point[]} points with x rising
 * @param {number} x
 */
export function valueAt(points, x) {
  if (points.length === 0 || x > points.at(-1).x) return null;
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x <= x) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : points[low - 1].y;
}

function countUpTo(places, value) {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
