/** A landscape from above: darker where it is higher, with contour lines and paths. */

import { contextOf, custom, paintDot, readied } from "../page/canvas.js";
import { short, withMinus } from "../page/format.js";
import { repainting } from "../page/repainting.js";
import { FONT_SIZE, layOut, paintAxes } from "./chart-axes.js";
import { evenly, mountChartTable } from "./chart-table.js";
import { contourHeights, contourLines } from "./contour-lines.js";
import { cellAfter } from "./heat-map.js";
import { linearScale } from "./scale.js";

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {object} Content
 * @property {number[]} xs
 * @property {number[]} ys
 * @property {number[][]} costs costs[y][x]
 * @property {{points: Point[], kind: "marked" | "second"}[]} paths each with a ball at its end
 */

const HEIGHTS = 11;
const DARKEST = 0.5;
const TABLE_SIDE = 9;

/**
 * @param {HTMLElement} figure with a canvas and a figcaption, where values are read out; perhaps with a
 *   details.chart-table for the numbers
 * @param {{labelX: string, labelY: string, formatCost: (cost: number) => string}} words
 */
export function mountContourMap(figure, { labelX, labelY, formatCost }) {
  const words = { labelX, labelY, formatX: coordinate, formatY: coordinate };
  const canvas = figure.querySelector("canvas");
  const caption = figure.querySelector("figcaption");
  const legend = caption.textContent;
  const context = contextOf(canvas);
  const table = mountChartTable(figure.querySelector("details.chart-table"), tableOf);
  /** @type {Content | null} */
  let content = null;
  let heights = [];
  /** @type {ReturnType<typeof layOut> | null} */
  let layout = null;
  /** @type {number | null} the place of the grid that is read */
  let cell = null;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const ready = content && readied(canvas);
    if (!ready) return;
    const { width, height, style } = ready;
    context.font = `${FONT_SIZE}px ${style.fontFamily}`;
    const { xs, ys } = content;
    const scales = {
      scaleX: linearScale(xs[0], xs.at(-1), Math.max(2, width / 90)),
      scaleY: linearScale(ys[0], ys.at(-1), Math.max(2, height / 90)),
    };
    layout = layOut(context, { width, height }, scales, words);
    paintAxes(context, style, layout, scales, words);
    context.save();
    context.beginPath();
    context.rect(layout.left, layout.top, layout.right - layout.left, layout.bottom - layout.top);
    context.clip();
    paintGround(style);
    paintLines(style);
    for (const path of content.paths) paintPath(path, style);
    context.restore();
    readOut(style);
  }

  /** Painted small and enlarged smoothly, so the browser interpolates between the places of the grid. */
  function paintGround(style) {
    const { xs, ys, costs } = content;
    const ground = document.createElement("canvas");
    [ground.width, ground.height] = [xs.length, ys.length];
    const brush = contextOf(ground);
    brush.fillStyle = custom(style, "--sheet");
    brush.fillRect(0, 0, xs.length, ys.length);
    brush.fillStyle = style.color;
    for (const [j, row] of costs.entries()) {
      for (const [i, cost] of row.entries()) {
        const band = heights.filter((height) => height < cost).length;
        brush.globalAlpha = (DARKEST * band) / heights.length;
        brush.fillRect(i, ys.length - 1 - j, 1, 1);
      }
    }
    const { left, right, top, bottom } = layout;
    const [wide, high] = [(right - left) / (xs.length - 1), (bottom - top) / (ys.length - 1)];
    context.imageSmoothingQuality = "high";
    // A place of the grid is the middle of its pixel, so half of each outermost pixel lies outside.
    context.drawImage(ground, left - wide / 2, top - high / 2, wide * xs.length, high * ys.length);
  }

  function paintLines(style) {
    const { xs, ys, costs } = content;
    const { x, y } = layout;
    const step = [(xs.at(-1) - xs[0]) / (xs.length - 1), (ys.at(-1) - ys[0]) / (ys.length - 1)];
    context.strokeStyle = style.color;
    context.globalAlpha = 0.4;
    context.lineWidth = 0.75;
    context.beginPath();
    for (const height of heights) {
      for (const piece of contourLines(costs, height)) {
        const [from, to] = piece.map(({ column, row }) => ({
          x: x(xs[0] + column * step[0]),
          y: y(ys[0] + row * step[1]),
        }));
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
      }
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  function paintPath({ points, kind }, style) {
    if (points.length === 0) return;
    const { x, y } = layout;
    const colour = kind === "second" ? custom(style, "--negative") : style.accentColor;
    const places = points.map((point) => ({ x: x(point.x), y: y(point.y) }));
    context.lineJoin = "round";
    context.setLineDash(kind === "second" ? [5, 4] : []);
    // With a rim of paper, to be visible on light and dark backgrounds.
    for (const [stroke, width] of [
      [custom(style, "--sheet"), 5],
      [colour, 2],
    ]) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.beginPath();
      for (const place of places) context.lineTo(place.x, place.y);
      context.stroke();
    }
    context.setLineDash([]);
    context.fillStyle = colour;
    for (const place of places) paintDot(context, place.x, place.y, 2);
    // Hollow at the end of a second path, as in a line chart: visible without colour.
    const isSecond = kind === "second";
    if (isSecond) context.fillStyle = custom(style, "--sheet");
    const end = places.at(-1);
    paintDot(context, end.x, end.y, isSecond ? 6 : 7);
    context.strokeStyle = isSecond ? colour : custom(style, "--sheet");
    context.lineWidth = 2;
    context.stroke();
  }

  function readOut(style) {
    if (cell === null) {
      caption.textContent = legend;
      return;
    }
    const { xs, ys, costs } = content;
    const [row, column] = [ys.length - 1 - Math.floor(cell / xs.length), cell % xs.length];
    context.strokeStyle = style.color;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(layout.x(xs[column]), layout.y(ys[row]), 6, 0, 2 * Math.PI);
    context.stroke();
    caption.textContent = `At ${coordinate(xs[column])}, ${coordinate(ys[row])} the cost is ${formatCost(costs[row][column])}`;
  }

  function tableOf() {
    if (!content) return { head: [labelY], rows: [] };
    const columns = evenly([...content.xs.keys()], TABLE_SIDE);
    const rows = evenly([...content.ys.keys()], TABLE_SIDE).reverse();
    return {
      head: [labelY, ...columns.map((column) => coordinate(content.xs[column]))],
      rows: rows.map((row) => [
        coordinate(content.ys[row]),
        ...columns.map((column) => formatCost(content.costs[row][column])),
      ]),
    };
  }

  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (!layout || !content) return;
    const { left, right, top, bottom } = layout;
    const place = (share, count) => Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
    const column = place((offsetX - left) / (right - left), content.xs.length);
    cell = place((offsetY - top) / (bottom - top), content.ys.length) * content.xs.length + column;
    repaintSoon();
  });
  canvas.addEventListener("keydown", (event) => {
    if (!content) return;
    const [columns, rows] = [content.xs.length, content.ys.length];
    const next = cellAfter(event.key, cell ?? Math.floor((columns * rows) / 2), columns, rows);
    if (next === null) return;
    event.preventDefault();
    cell = next;
    repaintSoon();
  });
  for (const type of ["pointerleave", "blur"]) {
    canvas.addEventListener(type, () => {
      cell = null;
      repaintSoon();
    });
  }

  return {
    /**
     * @param {Content} next
     * @param {string} summary what a screen reader says of the map
     */
    show(next, summary) {
      if (next.costs !== content?.costs) heights = contourHeights(next.costs, HEIGHTS);
      content = next;
      canvas.setAttribute("aria-label", summary);
      table.refresh();
      repaintSoon();
    },
  };
}

/** @param {number} value */
function coordinate(value) {
  return withMinus(short(value));
}
