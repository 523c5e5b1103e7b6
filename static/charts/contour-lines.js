/**
 * Contour lines through a grid of numbers, by marching squares: in each square between four neighbours the line
 * enters and leaves where the height lies between two corners, by linear interpolation.
 */

// Which sides of a square the line joins, by which corners lie above: 1 top left, 2 top right, 4 bottom right, 8 bottom left.
const TOP = 0;
const RIGHT = 1;
const BOTTOM = 2;
const LEFT = 3;
/** @typedef {[number, number]} Sides where a line enters and where it leaves */
/** @type {Record<number, Sides[]>} */
const SIDES = {
  1: [[LEFT, TOP]],
  2: [[TOP, RIGHT]],
  3: [[LEFT, RIGHT]],
  4: [[RIGHT, BOTTOM]],
  6: [[TOP, BOTTOM]],
  7: [[LEFT, BOTTOM]],
  8: [[BOTTOM, LEFT]],
  9: [[BOTTOM, TOP]],
  11: [[BOTTOM, RIGHT]],
  12: [[RIGHT, LEFT]],
  13: [[RIGHT, TOP]],
  14: [[TOP, LEFT]],
};
// A saddle: the height of its middle decides between the two possible connections.
/** @type {Record<number, {high: Sides[], low: Sides[]}>} */
const SADDLES = {
  5: {
    high: [
      [TOP, RIGHT],
      [BOTTOM, LEFT],
    ],
    low: [
      [LEFT, TOP],
      [RIGHT, BOTTOM],
    ],
  },
  10: {
    high: [
      [LEFT, TOP],
      [RIGHT, BOTTOM],
    ],
    low: [
      [TOP, RIGHT],
      [BOTTOM, LEFT],
    ],
  },
};

/**
 * @typedef {{column: number, row: number}} Place
 * @typedef {[number, number, number, number]} Corners top left, top right, bottom right, bottom left
 */

/**
 * The line segments at one height, each from one side of a square to another, in columns and rows.
 *
 * @param {number[][]} grid rows of numbers
 * @param {number} height
 * @returns {[Place, Place][]}
 */
export function contourLines(grid, height) {
  /** @type {[Place, Place][]} */
  const pieces = [];
  for (let row = 0; row + 1 < grid.length; row++) {
    for (let column = 0; column + 1 < grid[row].length; column++) {
      /** @type {Corners} */
      const corners = [grid[row][column], grid[row][column + 1], grid[row + 1][column + 1], grid[row + 1][column]];
      for (const [from, to] of sidesOf(corners, height)) {
        pieces.push([crossing(from, row, column, corners, height), crossing(to, row, column, corners, height)]);
      }
    }
  }
  return pieces;
}

/**
 * @param {Corners} corners
 * @param {number} height
 */
function sidesOf(corners, height) {
  const above = corners.reduce((bits, corner, i) => bits | (corner > height ? 1 << i : 0), 0);
  const saddle = SADDLES[above];
  if (!saddle) return SIDES[above] ?? [];
  const middle = corners.reduce((sum, corner) => sum + corner, 0) / 4;
  return middle > height ? saddle.high : saddle.low;
}

/**
 * @param {number} side
 * @param {number} row
 * @param {number} column
 * @param {Corners} corners
 * @param {number} height
 * @returns {Place}
 */
function crossing(side, row, column, [topLeft, topRight, bottomRight, bottomLeft], height) {
  /** @type {(from: number, to: number) => number} */
  const share = (from, to) => (height - from) / (to - from);
  switch (side) {
    case TOP:
      return { column: column + share(topLeft, topRight), row };
    case RIGHT:
      return { column: column + 1, row: row + share(topRight, bottomRight) };
    case BOTTOM:
      return { column: column + share(bottomLeft, bottomRight), row: row + 1 };
    default:
      return { column, row: row + share(topLeft, bottomLeft) };
  }
}

/**
 * Heights for the lines of a grid: evenly spaced, or evenly in their logarithm where the grid spans several powers of ten.
 *
 * @param {number[][]} grid
 * @param {number} count
 */
export function contourHeights(grid, count) {
  const numbers = grid.flat();
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = low > 0 && high / low > 20;
  /** @param {number} share */
  const between = (share) => (isLog ? low * (high / low) ** share : low + (high - low) * share);
  return Array.from({ length: count }, (_, i) => between((i + 1) / (count + 1)));
}
