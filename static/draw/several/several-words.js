/** Whether a drawing may hold several digits, and the question that is then asked. */

import { PEN_WIDTH } from "../../sheet/drawing.js";

/**
 * @param {{confidence: number}} answer to the drawing as one digit
 * @param {import("../../sheet/drawing.js").Drawing} drawing
 * @param {number} sureFrom the confidence from which the network counts as sure
 */
export function maybeSeveral(answer, { picture, strokes }, sureFrom) {
  return answer.confidence < sureFrom || picture !== null || areBeside(strokes);
}

/**
 * @param {import("../../sheet/drawing.js").Stroke[]} strokes
 * @returns {boolean} whether an upright line of paper lies between strokes, as it does within hardly any digit
 */
export function areBeside(strokes) {
  const ranges = strokes
    .map((stroke) => stroke.map(({ x }) => x))
    .map((xs) => ({ left: Math.min(...xs), right: Math.max(...xs) }))
    .sort((a, b) => a.left - b.left);
  let reach = ranges[0]?.right ?? 0;
  for (const { left, right } of ranges.slice(1)) {
    if (left > reach + PEN_WIDTH) return true;
    reach = Math.max(reach, right);
  }
  return false;
}

/** @param {string} number of at least two digits */
export function question(number) {
  return `You drew ${[...number.slice(0, -1)].join(", ")} and ${number.at(-1)}?`;
}
