/**
 * Reduces points without a visible difference: keeps the first, lowest, highest and last of each pixel column.
 *
 * @template {{x: number, y: number | null}} P
 * @param {P[]} points with x rising, without a gap
 * @param {(x: number) => number} columnOf
 * @returns {P[]}
 */
export function thinned(points, columnOf) {
  const kept = [];
  let start = 0;
  while (start < points.length) {
    const column = Math.floor(columnOf(points[start].x));
    let [end, low, high] = [start, start, start];
    while (end + 1 < points.length && Math.floor(columnOf(points[end + 1].x)) === column) {
      end++;
      if (points[end].y < points[low].y) low = end;
      if (points[end].y > points[high].y) high = end;
    }
    const indices = new Set([start, Math.min(low, high), Math.max(low, high), end]);
    for (const i of indices) kept.push(points[i]);
    start = end + 1;
  }
  return kept;
}
