/** A line chart on a canvas, in the colours of the style sheet; a pointer or the arrow keys read single values. */

import { contextOf, custom, paintDot, readied } from "../page/canvas.js";
import { whole } from "../page/format.js";
import { repainting } from "../page/repainting.js";
import { setText } from "../page/text.js";
import { FONT_SIZE, layOut, paintAxes, paintEmpty } from "./chart-axes.js";
import { evenly, mountChartTable } from "./chart-table.js";
import { linearScale, scaleOf } from "./scale.js";
import { thinned } from "./thinned.js";

/**
 * A point whose y is null is a gap.
 *
 * @typedef {{x: number, y: number | null}} Point
 * @typedef {"faint" | "plain" | "marked" | "first" | "second" | "tangent" | "compared"} Kind marked: in the
 *   accent, with a dot at each point; first and second: of two runs, the one in the accent, the other dashed; tangent:
 *   thin and straight; compared: one of up to eight, with a colour, dashes and marks of its `nth`, all read at once
 * @typedef {{points: Point[], kind: Kind, name?: string, nth?: number, isFaint?: boolean}} Line named: in the table
 * @typedef {{x: number, y: number, kind: "ball" | "dot", label?: string, of?: "second"}} Mark of the second line it is
 *   hollow, in that line's colour
 * @typedef {{x: number, kind: "event" | "here", label?: string}} Vertical a thin line from top to bottom: event, that
 *   something was changed there; here, in the accent, the place that is shown
 * @typedef {object} Content
 * @property {Line[]} lines
 * @property {Mark[]} [marks]
 * @property {Vertical[]} [verticals] with x rising
 * @property {[number, number]} xRange
 * @property {[number, number] | null} yRange null: as the lines need
 * @property {boolean} isLog
 * @property {string} [labelX] in place of the one that it was mounted with
 */

const MAX_DOTS = 60;
const MAX_ROWS = 61;
const LOOKS = {
  faint: { width: 1, alpha: 0.3, dash: [] },
  plain: { width: 1.5, alpha: 1, dash: [] },
  marked: { width: 2, alpha: 1, dash: [] },
  first: { width: 2, alpha: 1, dash: [] },
  second: { width: 1.75, alpha: 1, dash: [5, 4] },
  tangent: { width: 1.25, alpha: 0.9, dash: [] },
};

/**
 * @param {HTMLElement} figure with a canvas and a figcaption, where values are read out; perhaps with a
 *   details.chart-table for the numbers
 * @param {object} words
 * @param {(value: number) => string} words.formatY
 * @param {(point: Point) => string} [words.read]
 * @param {(value: number) => string} [words.formatX] an empty text for a tick that gets no number; whole ones by default
 * @param {string} [words.labelX] what the axis is
 * @param {string} [words.labelY]
 * @param {string} [words.empty] in place of the axes while no line has a point
 * @param {object} [compared] for lines that are compared, which are read all at once
 * @param {typeof import("./compared-lines.js")} compared.lines
 * @param {(value: number) => string} compared.format of y in the table
 * @param {(x: number | null, values: (number | null)[]) => string} compared.read in place of `words.read`: what each line
 *   has at x, or had last; also called, with null, when nothing is read any more
 */
export function mountLineChart(figure, { formatY, read, formatX = wholeAlone, labelX, labelY, empty = "" }, compared) {
  const canvas = figure.querySelector("canvas");
  const caption = figure.querySelector("figcaption");
  const legend = caption.textContent;
  const context = contextOf(canvas);
  const table = mountChartTable(figure.querySelector("details.chart-table"), tableOf);
  /** @type {Content} */
  let content = { lines: [], xRange: [0, 1], yRange: [0, 1], isLog: false };
  /** @type {ReturnType<typeof layOut> | null} */
  let layout = null;
  /** @type {number | null} the place that is read, in CSS pixels from the left */
  let readAt = null;
  /** @type {number[] | null} where compared lines have points, rising; null until it is needed */
  let places = null;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const ready = readied(canvas);
    if (!ready) return;
    const { width, height, style } = ready;
    context.font = `${FONT_SIZE}px ${style.fontFamily}`;
    const scales = { scaleX: linearScale(...content.xRange, Math.max(2, width / 80)), scaleY: scaleOf(content) };
    const words = { formatX, formatY, labelX: content.labelX ?? labelX, labelY };
    layout = layOut(context, { width, height }, scales, words);
    const { left, right, top, bottom, x, y } = layout;
    const isEmpty = content.lines.every(({ points }) => points.length === 0);
    if (empty && isEmpty) return paintEmpty(context, style, layout, empty);
    paintAxes(context, style, layout, scales, words);
    context.save();
    context.beginPath();
    const clipTop = labelY ? top - 8 : 0; // below the label
    context.rect(left - 8, clipTop, right - left + 16, bottom + 1 - clipTop);
    context.clip();
    paintVerticals(style, layout);
    for (const line of content.lines) paintLine(line, style, x, y);
    for (const mark of content.marks ?? []) paintMark(mark, style, x, y);
    context.restore();
    readOut(style, x, y);
  }

  /**
   * @param {Line} line
   * @param {CSSStyleDeclaration} style
   * @param {(value: number) => number} x
   * @param {(value: number) => number} y
   */
  function paintLine({ points, kind, nth, isFaint }, style, x, y) {
    if (kind === "compared") {
      const parts = unbroken(points, content.isLog).map((part) => thinned(part, x));
      compared.lines.paintLine(context, style, parts, nth, x, y);
      return;
    }
    const { width, alpha, dash } = LOOKS[isFaint ? "faint" : kind];
    const isAccent = kind === "marked" || kind === "first" || kind === "tangent";
    const colour = isAccent ? style.accentColor : kind === "second" ? custom(style, "--negative") : style.color;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = width;
    context.globalAlpha = alpha;
    context.lineJoin = "round";
    context.setLineDash(dash);
    const parts = unbroken(points, content.isLog).map((part) => thinned(part, x));
    for (const part of parts) {
      context.beginPath();
      for (const point of part) context.lineTo(x(point.x), y(point.y));
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    const shown = parts.flat();
    if (kind !== "marked" || shown.length > MAX_DOTS) return;
    for (const point of shown) paintDot(context, x(point.x), y(point.y), 3);
  }

  function paintVerticals(style, { top, bottom, right, x }, verticals = content.verticals ?? []) {
    let taken = -Infinity; // the end of the last label, which the next one must not cover
    context.textAlign = "left";
    for (const { x: value, kind, label } of verticals) {
      const at = Math.round(x(value)) + 0.5;
      context.strokeStyle = kind === "here" ? style.accentColor : style.textDecorationColor;
      context.lineWidth = 1;
      context.setLineDash(kind === "here" ? [] : [2, 3]);
      context.beginPath();
      context.moveTo(at, top);
      context.lineTo(at, bottom);
      context.stroke();
      if (!label) continue;
      const width = context.measureText(label).width;
      const start = Math.min(at + 4, right - width);
      if (start < taken) continue;
      taken = start + width + 6;
      context.fillStyle = style.textDecorationColor;
      context.fillText(label, start, top + FONT_SIZE - 2);
    }
    context.setLineDash([]);
  }

  function paintMark(mark, style, x, y) {
    const [left, top] = [x(mark.x), y(mark.y)];
    context.fillStyle = style.accentColor;
    if (mark.kind === "dot") paintDot(context, left, top, 3);
    else {
      const isSecond = mark.of === "second";
      if (isSecond) context.fillStyle = custom(style, "--paper");
      paintDot(context, left, top, isSecond ? 6 : 7);
      context.strokeStyle = custom(style, isSecond ? "--negative" : "--paper");
      context.lineWidth = 2;
      context.stroke();
    }
    if (!mark.label) return;
    context.fillStyle = style.color;
    context.textAlign = "center";
    context.fillText(mark.label, left, top - 12);
  }

  function readOut(style, x, y) {
    if (compared) return readOutAll(style, x, y);
    const nearest = nearestTo(readAt, x);
    caption.textContent = nearest ? read(nearest) : legend;
    if (!nearest) return;
    context.fillStyle = style.color;
    paintDot(context, x(nearest.x), y(nearest.y), 4);
  }

  function readOutAll(style, x, y) {
    const { nearestPlace, valueAt, paintMark } = compared.lines;
    const at = readAt === null ? null : nearestPlace(allPlaces(), toValue(readAt));
    const values = content.lines.map(({ points }) => (at === null ? null : valueAt(points, at)));
    const text = compared.read(at, values) || legend;
    setText(caption, text);
    if (at === null) return;
    paintVerticals(style, layout, [{ x: at, kind: "here" }]);
    content.lines.forEach(({ nth }, i) => {
      const isThere = values[i] !== null && (!content.isLog || values[i] > 0);
      if (isThere) paintMark(context, style, nth, x(at), y(values[i]), 5);
    });
  }

  function allPlaces() {
    places ??= compared.lines.placesOf(content.lines);
    return places;
  }

  function toValue(place) {
    const [low, high] = content.xRange;
    return low + ((place - layout.left) / (layout.right - layout.left)) * (high - low);
  }

  /** The points of the first line, whose values are read. */
  function readable() {
    return (content.lines[0]?.points ?? []).filter((point) => point.y !== null);
  }

  function nearestTo(place, x) {
    const points = readable();
    if (place === null || points.length === 0) return null;
    return points.reduce((best, point) => (Math.abs(x(point.x) - place) < Math.abs(x(best.x) - place) ? point : best));
  }

  /** Moves one point along the first line, or along all compared lines. */
  function readNext(direction) {
    if (!layout) return;
    if (compared) {
      const from = readAt === null ? null : toValue(readAt);
      const next = compared.lines.nextPlace(evenly(allPlaces(), MAX_ROWS), from, direction);
      if (next !== null) readAt = layout.x(next);
      repaintSoon();
      return;
    }
    const points = readable();
    const now = nearestTo(readAt ?? layout.left, layout.x);
    const next = points[points.indexOf(now) + (readAt === null ? 0 : direction)];
    if (next) readAt = layout.x(next.x);
    repaintSoon();
  }

  function tableOf() {
    const named = content.lines.filter(({ name }) => name);
    const xs = [...new Set(named.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
    const columns = named.map(({ points, kind }) => {
      if (kind === "compared") return (x) => compared.lines.valueAt(points, x);
      const byX = new Map(points.map(({ x, y }) => [x, y]));
      return (x) => byX.get(x);
    });
    const formatCell = compared?.format ?? formatY;
    const format = (value) => (value === undefined || value === null ? "–" : formatCell(value));
    return {
      head: [content.labelX ?? labelX ?? "", ...named.map(({ name }) => name)],
      rows: evenly(xs, MAX_ROWS).map((x) => [formatX(x) || String(x), ...columns.map((column) => format(column(x)))]),
    };
  }

  canvas.addEventListener("pointermove", (event) => {
    readAt = layout && (event.offsetX * layout.width) / canvas.clientWidth; // they differ where the chart is magnified
    repaintSoon();
  });
  canvas.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight") readNext(1);
    else if (key === "ArrowLeft") readNext(-1);
  });
  for (const type of ["pointerleave", "blur"]) {
    canvas.addEventListener(type, () => {
      readAt = null;
      repaintSoon();
    });
  }

  return {
    /**
     * @param {Content} next
     * @param {string} summary what a screen reader says of the chart
     */
    show(next, summary) {
      content = next;
      places = null;
      canvas.setAttribute("aria-label", summary);
      table.refresh();
      repaintSoon();
    },
    /** The value of x at a place of the canvas, in CSS pixels from its left; null before it was painted. */
    valueAt(place) {
      return layout ? toValue(place) : null;
    },
  };
}

/** Steps and epochs are whole. */
function wholeAlone(value) {
  return Number.isInteger(value) ? whole(value) : "";
}

/** The parts of a line between its gaps; on a logarithmic scale, values of zero or less are gaps. */
function unbroken(points, isLog) {
  const parts = [[]];
  for (const point of points) {
    if (point.y === null) parts.push([]);
    else if (!isLog || point.y > 0) parts.at(-1).push(point);
  }
  return parts.filter((part) => part.length > 0);
}
