/** Distinguishes up to eight lines in one chart: by colour, and also by their dashes and the marks on them. */

import { custom, readied } from "../page/canvas.js";

export { nearestPlace, nextPlace, placesOf, valueAt } from "./chart-reading.js";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [], [7, 4], [2, 3], [9, 3, 2, 3]];
/** @type {((context: CanvasRenderingContext2D, x: number, y: number, r: number) => void)[]} */
const SHAPES = [disc, square, triangle, diamond, disc, square, triangle, diamond];
const HOLLOW_FROM = 4;
// In CSS pixels: marks that are closer would overlap.
const MIN_BETWEEN = 16;
const BETWEEN = 88;

/** @typedef {{x: number, y: number | null}} Point whose y is a number, once the line is parted at its gaps */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style of the canvas
 * @param {Point[][]} parts of the line, between its gaps
 * @param {number} nth in 0..7
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 */
export function paintLine(context, style, parts, nth, x, y) {
  context.strokeStyle = colourOf(style, nth);
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  context.setLineDash(DASHES[nth]);
  for (const part of parts) {
    context.beginPath();
    for (const point of part) context.lineTo(x(point.x), y(point.y));
    context.stroke();
  }
  context.setLineDash([]);
  for (const { x: left, y: top } of marked(parts.flat(), nth, x)) {
    paintMark(context, style, nth, x(left), y(top));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style
 * @param {number} nth
 * @param {number} x in CSS pixels, as y is
 * @param {number} y
 * @param {number} [radius]
 */
export function paintMark(context, style, nth, x, y, radius = 3.75) {
  const colour = colourOf(style, nth);
  context.beginPath();
  SHAPES[nth](context, x, y, radius);
  context.fillStyle = nth < HOLLOW_FROM ? colour : custom(style, "--paper");
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

/**
 * A sample of the line, for a legend.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} nth
 */
export function paintSample(canvas, nth) {
  const ready = readied(canvas);
  if (!ready) return;
  const { context, width, height, style } = ready;
  const middle = height / 2;
  context.strokeStyle = colourOf(style, nth);
  context.lineWidth = 1.75;
  context.setLineDash(DASHES[nth]);
  context.beginPath();
  context.moveTo(0, middle);
  context.lineTo(width, middle);
  context.stroke();
  context.setLineDash([]);
  paintMark(context, style, nth, width / 2, middle);
}

/** Every point if they are far apart; else some, at different places for each line, so that marks don't overlap. */
function marked(points, nth, x) {
  if (points.length === 0) return [];
  const [start, end] = [x(points[0].x), x(points.at(-1).x)];
  if (end - start >= MIN_BETWEEN * (points.length - 1)) return points;
  let due = start + (BETWEEN * (nth + 0.5)) / SHAPES.length;
  return points.filter(({ x: value }) => {
    if (x(value) < due) return false;
    due += BETWEEN;
    return true;
  });
}

function colourOf(style, nth) {
  return custom(style, `--line-${nth + 1}`);
}

function disc(context, x, y, r) {
  context.arc(x, y, r, 0, 2 * Math.PI);
}

function square(context, x, y, r) {
  context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
}

function triangle(context, x, y, r) {
  context.moveTo(x, y - 1.15 * r);
  context.lineTo(x + 1.1 * r, y + 0.85 * r);
  context.lineTo(x - 1.1 * r, y + 0.85 * r);
  context.closePath();
}

function diamond(context, x, y, r) {
  context.moveTo(x, y - 1.25 * r);
  context.lineTo(x + 1.25 * r, y);
  context.lineTo(x, y + 1.25 * r);
  context.lineTo(x - 1.25 * r, y);
  context.closePath();
}
