/**
 * The running mean of noisy points, in which older points count less and less.
 *
 * @param {{x: number, y: number}[]} points
 * @param {number} [memory] about how many points count
 */
export function runningMean(points, memory = 20) {
  const keep = 1 - 1 / memory;
  let [sum, weight] = [0, 0];
  return points.map(({ x, y }) => {
    sum = keep * sum + y;
    weight = keep * weight + 1; // not yet `memory` at the start, where dividing by that would pull towards 0
    return { x, y: sum / weight };
  });
}
