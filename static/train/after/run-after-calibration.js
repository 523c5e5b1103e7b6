/**
 * The reliability diagram: how many of the answers of each confidence are right, beside the line on which they would
 * be if the network knew how sure to be; below it, how many answers there are.
 */

import { FONT_SIZE, layOut, paintAxes } from "../../charts/chart-axes.js";
import { mountChartTable } from "../../charts/chart-table.js";
import { linearScale } from "../../charts/scale.js";
import { accuracy, whole } from "../../page/format.js";
import { repainting } from "../../page/repainting.js";
import { binWords, calibrationWords } from "./run-after-words.js";

// Of the height, for the counts.
const COUNTS = 0.24;
const GAP = 26;

const inPercent = (share) => `${Math.round(share * 100)}%`;
const WORDS = { formatX: inPercent, formatY: inPercent, labelX: "how sure", labelY: "how many of them are right" };

/** @param {HTMLElement} part with a figure.line-chart and its details.chart-table */
export function mountCalibration(part) {
  const canvas = part.querySelector("canvas");
  const caption = part.querySelector("figcaption");
  const legend = caption.textContent;
  const words = part.querySelector("[data-part=words]");
  const context = canvas.getContext("2d");
  /** @type {import("./run-after-words.js").Bin[]} */
  let bins = [];
  /** @type {ReturnType<typeof layOut> | null} */
  let layout = null;
  /** @type {number | null} */
  let read = null;
  const table = mountChartTable(part.querySelector("details.chart-table"), () => ({
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

  /** The bars are how many are right; the end of each line in them is how sure they are on average. */
  function paintBars(style, { x, y }) {
    bins.forEach(({ low, high, confidence, accuracy: right }, i) => {
      if (confidence === null) return;
      const [left, wide] = [x(low) + 1, x(high) - x(low) - 2];
      context.fillStyle = style.accentColor;
      context.globalAlpha = i === read ? 1 : 0.75;
      context.fillRect(left, y(right), wide, Math.max(1, y(0) - y(right)));
      context.globalAlpha = 1;
      context.fillStyle = style.color;
      context.fillRect(left, y(confidence) - 1, wide, 2);
    });
  }

  function paintIdeal(style, { x, y }) {
    context.strokeStyle = style.textDecorationColor;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(x(0), y(0));
    context.lineTo(x(1), y(1));
    context.stroke();
    context.setLineDash([]);
  }

  /** By their square root: nearly all answers are in the last bin. */
  function paintCounts(style, { x, height: top }, height) {
    const most = Math.sqrt(Math.max(...bins.map(({ images }) => images)));
    const bottom = height - 3;
    const room = bottom - top - GAP;
    context.fillStyle = style.textDecorationColor;
    context.textAlign = "left";
    context.fillText("images", 0, top + FONT_SIZE);
    bins.forEach(({ low, high, images }, i) => {
      if (images === 0) return;
      const tall = Math.max(1, (room * Math.sqrt(images)) / most);
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
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    readAt(Math.min(bins.length - 1, Math.max(0, (read ?? (step > 0 ? -1 : bins.length)) + step)));
  });
  for (const type of ["pointerleave", "blur"]) canvas.addEventListener(type, () => readAt(null));

  return {
    /** @param {{calibration: import("./run-after-words.js").Calibration}} results */
    show({ calibration }) {
      bins = calibration.bins;
      words.textContent = calibrationWords(calibration);
      const filled = bins.filter(({ images }) => images > 0);
      canvas.setAttribute("aria-label", `Reliability diagram. ${filled.map(binWords).join("; ")}.`);
      table.refresh();
      repaintSoon();
    },
  };
}
