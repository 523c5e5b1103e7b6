/**
 * A drawing: an optional picture and the strokes over it. Drawings are immutable, so a history is a list of them. All
 * coordinates are 0..1 of the sheet.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {Point[]} Stroke
 * @typedef {{picture: import("./picture.js").Picture | null, strokes: Stroke[]}} Drawing
 */

/** The pen's width: 10 of the 140 pixels that are sent, about as thick as MNIST's digits. */
export const PEN_WIDTH = 10 / 140;

// A browser does not draw a line of length 0, not even its round ends, so a dot is a very short line.
const DOT = 0.01;

/** @type {Drawing} */
export const BLANK = Object.freeze({ picture: null, strokes: [] });

/** @param {Drawing} drawing */
export function isBlank(drawing) {
  return drawing.picture === null && drawing.strokes.length === 0;
}

/**
 * The digit that the drawing is known to be: a test image with nothing drawn over it has a label.
 *
 * @param {Drawing} drawing
 * @returns {number | null}
 */
export function labelOf({ picture, strokes }) {
  return strokes.length === 0 ? (picture?.label ?? null) : null;
}

/**
 * @param {Drawing} drawing
 * @param {Stroke} stroke
 * @returns {Drawing}
 */
export function withStroke(drawing, stroke) {
  return { picture: drawing.picture, strokes: [...drawing.strokes, stroke] };
}

/**
 * Traces a stroke as a curve through the midpoints between its points, with the points as control points, so that quick
 * strokes of few points have no corners.
 *
 * @param {Pick<CanvasPath, "moveTo" | "lineTo" | "quadraticCurveTo">} path
 * @param {Stroke} stroke
 * @param {number} side the sheet's side in the path's units
 */
export function traceStroke(path, stroke, side) {
  const [first, ...rest] = stroke.map(({ x, y }) => ({ x: x * side, y: y * side }));
  path.moveTo(first.x, first.y);
  for (let i = 0; i < rest.length - 1; i++) {
    const control = rest[i];
    const next = rest[i + 1];
    path.quadraticCurveTo(control.x, control.y, (control.x + next.x) / 2, (control.y + next.y) / 2);
  }
  const last = rest.at(-1) ?? first;
  path.lineTo(last.x + DOT, last.y);
}
