/**
 * From the strokes of a drawing to a picture of 28 x 28 pixels like those that the network learned from (MNIST's): the
 * ink is cut out, scaled until its longer side has 20 pixels, and its centre of mass put into the middle.
 */

import { PEN_WIDTH, traceStroke } from "../sheet/drawing.js";
import { sumOf } from "./network.js";

export const SIDE = 28;
const BOX = 20;
const MIDDLE = 14;
// The drawing is first painted with five pixels for each of the 28.
const PAINTED = 140;
// Ink that is paler than this share of the darkest is the soft edge of a stroke, and is left out.
const FAINT = 0.2;
// A curve of a stroke is painted as straight lines of about this length.
const LINE = 3;

/**
 * The strokes as pixels, 0 = paper and 1 = ink, row by row.
 *
 * @param {import("../sheet/drawing.js").Stroke[]} strokes
 */
export function painted(strokes) {
  const pixels = new Array(PAINTED * PAINTED).fill(0);
  const pen = (PEN_WIDTH * PAINTED) / 2;
  for (const stroke of strokes) {
    const points = pointsOf(stroke);
    for (let i = 1; i < points.length; i++) paintLine(pixels, points[i - 1], points[i], pen);
  }
  return pixels;
}

/** The points of the lines that a stroke is painted as. */
function pointsOf(stroke) {
  const points = [];
  const moveTo = (x, y) => points.push([x, y]);
  traceStroke(
    {
      moveTo,
      lineTo: moveTo,
      quadraticCurveTo(controlX, controlY, x, y) {
        const [startX, startY] = points[points.length - 1];
        const lines = Math.max(1, Math.round(Math.hypot(x - startX, y - startY) / LINE));
        for (let i = 1; i <= lines; i++) {
          const [t, s] = [i / lines, 1 - i / lines];
          moveTo(s * s * startX + 2 * s * t * controlX + t * t * x, s * s * startY + 2 * s * t * controlY + t * t * y);
        }
      },
    },
    stroke,
    PAINTED,
  );
  return points;
}

/** A pixel is ink if its middle is within the pen of the line; at the pen's edge it is partly ink. */
function paintLine(pixels, [x1, y1], [x2, y2], pen) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - pen - 1));
  const last = (a, b) => Math.min(PAINTED - 1, Math.ceil(Math.max(a, b) + pen));
  for (let row = first(y1, y2); row <= last(y1, y2); row++) {
    for (let column = first(x1, x2); column <= last(x1, x2); column++) {
      const [x, y] = [column + 0.5 - x1, row + 0.5 - y1];
      // How far along the line its nearest point is, in 0..1.
      const along = Math.min(1, Math.max(0, (x * dx + y * dy) / (dx * dx + dy * dy || 1)));
      const distance = Math.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2);
      const ink = Math.min(1, Math.max(0, pen + 0.5 - distance));
      const i = row * PAINTED + column;
      pixels[i] = Math.max(pixels[i], ink);
    }
  }
}

/**
 * The drawing placed in 28 x 28, in 256 shades as a picture has them: 784 whole numbers, 0 = paper and 255 = ink. The
 * server's page leaves out a dot or an underline beside the digit. This file does not.
 *
 * @param {number[]} pixels of a square picture with ink in it, 0 = paper
 * @returns {number[]}
 */
export function placed(pixels) {
  const side = Math.sqrt(pixels.length);
  const faint = FAINT * largestOf(pixels);
  const inked = pixels.map((ink) => (ink >= faint ? ink : 0));
  const rows = Array.from({ length: side }, (_, y) => inked.slice(y * side, (y + 1) * side));
  const digit = transposed(cut(transposed(cut(rows))));

  const [height, width] = [digit.length, digit[0].length];
  const scale = BOX / Math.max(width, height);
  const [newWidth, newHeight] = [width, height].map((length) => Math.max(1, Math.round(length * scale)));
  const narrow = digit.map((row) => scaled(row, newWidth));
  const small = transposed(transposed(narrow).map((column) => scaled(column, newHeight)));

  const [startX, startY] = [startOf(transposed(small).map(sumOf)), startOf(small.map(sumOf))];
  const darkest = largestOf(small.flat());
  const image = new Array(SIDE * SIDE).fill(0);
  for (const [y, row] of small.entries()) {
    for (const [x, ink] of row.entries()) image[(startY + y) * SIDE + startX + x] = Math.round((255 * ink) / darkest);
  }
  return image;
}

/** The rows without those of paper above and below. */
function cut(rows) {
  const hasInk = rows.map((row) => row.some((ink) => ink > 0));
  return rows.slice(hasInk.indexOf(true), hasInk.lastIndexOf(true) + 1);
}

/** Where to begin, so that the centre of mass comes to the middle but nothing falls outside. */
function startOf(masses) {
  const centre = sumOf(masses.map((mass, i) => i * mass)) / sumOf(masses);
  return Math.min(SIDE - masses.length, Math.max(0, Math.round(MIDDLE - centre)));
}

/**
 * A row of numbers made shorter or longer. Each new one is a weighted mean: what is nearer to its middle counts more.
 *
 * @param {number[]} numbers
 * @param {number} length
 */
function scaled(numbers, length) {
  const step = numbers.length / length;
  const reach = Math.max(1, step);
  return Array.from({ length }, (_, i) => {
    const middle = (i + 0.5) * step;
    let [total, weights] = [0, 0];
    const last = Math.min(numbers.length - 1, Math.floor(middle + reach));
    for (let k = Math.max(0, Math.floor(middle - reach)); k <= last; k++) {
      const weight = Math.max(0, 1 - Math.abs(k + 0.5 - middle) / reach);
      total += weight * numbers[k];
      weights += weight;
    }
    return total / weights;
  });
}

/** @param {number[][]} rows */
function transposed(rows) {
  return rows[0].map((_, x) => rows.map((row) => row[x]));
}

/** @param {number[]} numbers */
function largestOf(numbers) {
  return numbers.reduce((largest, number) => Math.max(largest, number), 0);
}
