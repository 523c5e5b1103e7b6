/**
 * The reliability diagram: the share of right answers at each confidence, with the line of a perfectly calibrated
 * network; below it, how many answers there are.
 */

import { FONT_SIZE, layOut, paintAxes } from "../../charts/chart-axes.js";
import { mountChartTable } from "../../charts/chart-table.js";
import { linearScale } from "../../charts/scale.js";
import { one } from "../../page/elements.js";
import { accuracy, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { repainting } from "../../page/repainting.js";
import { binWords, calibrationWords } from "./run-after-words.js";

/** @import {Bin, Calibration} from "./run-after-words.js" */

// The share of the height that is for the counts.
const COUNTS = 0.24;
const GAP = 26;

const inPercent = (/** @type {number} */ share) => `${Math.round(share * 100)}%`;
const WORDS = { formatX: inPercent, formatY: inPercent, labelX: "how sure", labelY: "how many of them are right" };

/** @param {HTMLElement} section with a figure.line-chart and its details.chart-table */
export function mountCalibration(section) {
  const canvas = one(section, "canvas", HTMLCanvasElement);
  const caption = one(section, "figcaption");
  const legend = caption.textContent;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Bin[]} */
  let bins = [];
  /** @type {ReturnType<typeof layOut> | null} */
  let layout = null;
  /** @type {number | null} */
  let read = null;
  const table = mountChartTable(one(section, "details.chart-table", HTMLDetailsElement), () => ({
    head: ["how sure", "images", "mean confidence", "right"],
    rows: bins.map((bin) => [
      `${inPercent(bin.low)} to ${inPercent(bin.high)}`,
      whole(bin.images),
      accuracy(bin.confidence),
      accuracy(bin.accuracy),
    ]),
  }));
  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || bins.length === 0) return;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    const style = getComputedStyle(canvas);
    context.font = `${FONT_SIZE}px ${style.fontFamily}`;
    const scales = { scaleX: linearScale(0, 1, Math.max(2, width / 80)), scaleY: linearScale(0, 1) };
    layout = layOut(context, { width, height: Math.round(height * (1 - COUNTS)) }, scales, WORDS);
    paintAxes(context, style, layout, scales, WORDS);
    paintBars(style, layout);
    paintIdeal(style, layout);
    paintCounts(style, layout, height);
    caption.textContent = read === null ? legend : `${binWords(bins[read])}.`;
  }

  /**
   * The height of a bar is the share of right answers; the stroke on it is their mean confidence.
   *
   * @param {CSSStyleDeclaration} style
   * @param {ReturnType<typeof layOut>} layout
   */
  function paintBars(style, { x, y }) {
    bins.forEach(({ low, high, confidence, accuracy: right }, i) => {
      if (confidence === null || right === null) return;
      const [left, wide] = [x(low) + 1, x(high) - x(low) - 2];
      context.fillStyle = style.accentColor;
      context.globalAlpha = i === read ? 1 : 0.75;
      context.fillRect(left, y(right), wide, Math.max(1, y(0) - y(right)));
      context.globalAlpha = 1;
      context.fillStyle = style.color;
      context.fillRect(left, y(confidence) - 1, wide, 2);
    });
  }

  /**
   * @param {CSSStyleDeclaration} style
   * @param {ReturnType<typeof layOut>} layout
   */
  function paintIdeal(style, { x, y }) {
    context.strokeStyle = style.textDecorationColor;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(x(0), y(0));
    context.lineTo(x(1), y(1));
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * The heights are square roots, since nearly all answers are in the last bin.
   *
   * @param {CSSStyleDeclaration} style
   * @param {ReturnType<typeof layOut>} layout
   * @param {number} height of the canvas
   */
  function paintCounts(style, { x, height: top }, height) {
    const max = Math.sqrt(Math.max(...bins.map(({ images }) => images)));
    const bottom = height - 3;
    const room = bottom - top - GAP;
    context.fillStyle = style.textDecorationColor;
    context.textAlign = "left";
    context.fillText("images", 0, top + FONT_SIZE);
    bins.forEach(({ low, high, images }, i) => {
      if (images === 0) return;
      const tall = Math.max(1, (room * Math.sqrt(images)) / max);
      context.globalAlpha = i === read ? 1 : 0.6;
      context.fillRect(x(low) + 1, bottom - tall, x(high) - x(low) - 2, tall);
      context.globalAlpha = 1;
      const text = whole(images);
      const isLast = i === bins.length - 1;
      context.textAlign = isLast ? "right" : "center"; // the last may be wider than its bar
      if (isLast || context.measureText(text).width < x(high) - x(low) + 2) {
        context.fillText(text, isLast ? x(high) : x((low + high) / 2), bottom - tall - 4);
      }
    });
    context.strokeStyle = style.borderTopColor;
    context.strokeRect(x(0), bottom + 0.5, x(1) - x(0), 0);
  }

  /** @param {number | null} number of the bin */
  function readAt(number) {
    read = number;
    repaintSoon();
  }

  canvas.addEventListener("pointermove", ({ offsetX }) => {
    if (!layout) return;
    const { left, right } = layout;
    const number = Math.floor(((offsetX - left) / (right - left)) * bins.length);
    readAt(number >= 0 && number < bins.length ? number : null);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    readAt(Math.min(bins.length - 1, Math.max(0, (read ?? (step > 0 ? -1 : bins.length)) + step)));
  });
  for (const type of ["pointerleave", "blur"]) canvas.addEventListener(type, () => readAt(null));

  return {
    /** @param {{calibration: Calibration}} results */
    show({ calibration }) {
      bins = calibration.bins;
      part(section, "words").textContent = calibrationWords(calibration);
      const filled = bins.filter(({ images }) => images > 0);
      canvas.setAttribute("aria-label", `Reliability diagram. ${filled.map(binWords).join("; ")}.`);
      table.refresh();
      repaintSoon();
    },
  };
}
