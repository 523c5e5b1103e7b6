/**
 * The keyboard's pen: a cell of the 28x28 grid, and whether the pen is down on it.
 *
 * @typedef {{column: number, row: number, isDown: boolean}} CellPen
 */

/** Cells per side, the same as the network's pixels. */
export const CELLS = 28;

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @type {CellPen} */
export const AT_REST = Object.freeze({ column: CELLS / 2, row: CELLS / 2, isDown: false });

/**
 * The pen after an arrow key, or null for another key; it stops at the edge.
 *
 * @param {CellPen} pen
 * @param {string} key
 * @returns {CellPen | null}
 */
export function moved(pen, key) {
  const move = MOVES[key];
  if (!move) return null;
  /** @param {number} cell */
  const clamp = (cell) => Math.min(CELLS - 1, Math.max(0, cell));
  return { ...pen, column: clamp(pen.column + move[0]), row: clamp(pen.row + move[1]) };
}

/**
 * The middle of the pen's cell, in 0..1 of the sheet.
 *
 * @param {CellPen} pen
 */
export function pointOf(pen) {
  return { x: (pen.column + 0.5) / CELLS, y: (pen.row + 0.5) / CELLS };
}

/** @param {CellPen} pen */
export function described(pen) {
  return `Pen ${pen.isDown ? "down" : "up"}, column ${pen.column + 1}, row ${pen.row + 1}`;
}
