/** A line chart on a canvas, in the colours of the style sheet; a pointer over it reads single values. */

import { whole } from "./format.js";
import { linearScale, logScale } from "./scale.js";
import { thinned } from "./thinned.js";

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{points: Point[], kind: "faint" | "plain" | "marked"}} Line marked: in the accent, with a dot at each point
 * @typedef {object} Content
 * @property {Line[]} lines
 * @property {[number, number]} xRange
 * @property {[number, number] | null} yRange null: as the lines need
 * @property {boolean} isLog
 */

const MARGIN = { top: 12, right: 12, bottom: 26 };
const FONT_SIZE = 12;
const MOST_DOTS = 60;

/**
 * @param {HTMLElement} figure with a canvas and a figcaption, where values are read out
 * @param {{formatY: (value: number) => string, read: (point: Point) => string}} words
 */
export function mountLineChart(figure, { formatY, read }) {
  const canvas = figure.querySelector("canvas");
  const caption = figure.querySelector("figcaption");
  const legend = caption.textContent;
  const context = canvas.getContext("2d");
  /** @type {Content} */
  let content = { lines: [], xRange: [0, 1], yRange: [0, 1], isLog: false };
  /** @type {number | null} the pointer's place, in CSS pixels from the left */
  let pointerX = null;
  let frame = 0;

  function repaintSoon() {
    frame ||= requestAnimationFrame(repaint);
  }

  function repaint() {
    frame = 0;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const density = devicePixelRatio;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    context.scale(density, density);
    const style = getComputedStyle(canvas);
    context.font = `${FONT_SIZE}px ${style.fontFamily}`;

    const scaleX = linearScale(...content.xRange, Math.max(2, width / 80));
    const scaleY = scaleOf(content);
    const labels = scaleY.ticks.map(formatY);
    const left = Math.ceil(Math.max(0, ...labels.map((label) => context.measureText(label).width))) + 8;
    const inner = { width: width - left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    const x = (value) => left + scaleX.at(value) * inner.width;
    const y = (value) => MARGIN.top + (1 - scaleY.at(value)) * inner.height;

    paintAxes(style, { scaleX, scaleY, labels, x, y, left, right: width - MARGIN.right, bottom: height - MARGIN.bottom });
    context.save();
    context.beginPath();
    context.rect(left - 4, 0, inner.width + 8, height - MARGIN.bottom + 1);
    context.clip();
    for (const line of content.lines) paintLine(line, style, x, y);
    context.restore();
    readOut(style, x, y);
  }

  function paintAxes(style, { scaleX, scaleY, labels, x, y, left, right, bottom }) {
    context.lineWidth = 1;
    context.strokeStyle = style.borderTopColor;
    context.fillStyle = style.textDecorationColor;
    context.textAlign = "right";
    context.textBaseline = "middle";
    scaleY.ticks.forEach((tick, i) => {
      const at = Math.round(y(tick)) + 0.5; // on the pixel grid, so that a hairline is one pixel wide
      context.beginPath();
      context.moveTo(left, at);
      context.lineTo(right, at);
      context.stroke();
      context.fillText(labels[i], left - 8, at);
    });
    context.textBaseline = "alphabetic";
    for (const tick of scaleX.ticks) {
      if (!Number.isInteger(tick)) continue; // steps and epochs are whole
      const label = whole(tick);
      const half = context.measureText(label).width / 2;
      context.textAlign = "center";
      context.fillText(label, Math.min(x(tick), right + MARGIN.right - half), bottom + 18);
    }
  }

  function paintLine({ points, kind }, style, x, y) {
    const shown = thinned(content.isLog ? points.filter((point) => point.y > 0) : points, x);
    context.strokeStyle = context.fillStyle = kind === "marked" ? style.accentColor : style.color;
    context.lineWidth = kind === "marked" ? 2 : kind === "plain" ? 1.5 : 1;
    context.globalAlpha = kind === "faint" ? 0.3 : 1;
    context.lineJoin = "round";
    context.beginPath();
    for (const point of shown) context.lineTo(x(point.x), y(point.y));
    context.stroke();
    context.globalAlpha = 1;
    if (kind !== "marked" || shown.length > MOST_DOTS) return;
    for (const point of shown) paintDot(x(point.x), y(point.y), 3);
  }

  function paintDot(x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  function readOut(style, x, y) {
    const points = content.lines[0]?.points ?? [];
    if (pointerX === null || points.length === 0) {
      caption.textContent = legend;
      return;
    }
    const nearest = points.reduce((best, point) =>
      Math.abs(x(point.x) - pointerX) < Math.abs(x(best.x) - pointerX) ? point : best,
    );
    context.fillStyle = style.color;
    paintDot(x(nearest.x), y(nearest.y), 4);
    caption.textContent = read(nearest);
  }

  canvas.addEventListener("pointermove", (event) => {
    pointerX = event.offsetX;
    repaintSoon();
  });
  canvas.addEventListener("pointerleave", () => {
    pointerX = null;
    repaintSoon();
  });
  new ResizeObserver(repaintSoon).observe(canvas);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", repaintSoon);
  }

  return {
    /**
     * @param {Content} next
     * @param {string} summary what a screen reader says of the chart
     */
    show(next, summary) {
      content = next;
      canvas.setAttribute("aria-label", summary);
      repaintSoon();
    },
  };
}

/** @param {Content} content */
function scaleOf({ lines, yRange, isLog }) {
  if (yRange && !isLog) return linearScale(...yRange);
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of lines) {
    for (const { y } of points) {
      if (isLog && y <= 0) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (low > high) return linearScale(0, 1);
  if (!isLog) return linearScale(0, high * 1.05 || 1);
  return logScale(low / 1.1, high * 1.1);
}
