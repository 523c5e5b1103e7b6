/** Parallel coordinates on a canvas: an axis for each number, a line for each run across all of them. */

import { contextOf, custom, paintDot, readied } from "../page/canvas.js";
import { repainting } from "../page/repainting.js";
import { FONT_SIZE } from "./chart-axes.js";

const MARGIN = { top: 44, bottom: 14, side: 12 };
const NEAR = 14;
const BESIDE = 8;
// If narrower, neighbouring names would touch.
const MIN_BETWEEN = 96;

/**
 * @typedef {{name: string, at: (run: any) => number | null, ticks: {at: number, text: string}[]}} Axis
 * @typedef {{id: number, places: (number | null)[], share: number | null, isFaint: boolean, text: string}} Line
 *   `share` is how good it is among all, in 0..1; null while it is not known
 */

/**
 * @param {HTMLElement} figure with a canvas and a figcaption, where a line is read out
 * @param {{onPoint: (id: number | null) => void, onChoose: (id: number) => void}} listener
 */
export function mountParallelCoordinates(figure, { onPoint, onChoose }) {
  const canvas = figure.querySelector("canvas");
  const caption = figure.querySelector("figcaption");
  const legend = caption.textContent;
  const context = contextOf(canvas);
  /** @type {{axes: Axis[], lines: Line[]}} */
  let content = { axes: [], lines: [] };
  /** @type {number | null} */
  let pointed = null;
  let layout = null;
  const paintSoon = repainting(canvas, paint);

  function paint() {
    const ready = content.axes.length > 0 ? readied(canvas) : null;
    if (!ready) return;
    const { width, height, style } = ready;
    context.font = `${FONT_SIZE}px ${style.fontFamily}`;
    layout = layOut(width, height);
    // The best are painted last, so that they lie on top.
    const order = ({ isFaint, share }) => (isFaint ? -2 : (share ?? -1));
    const lines = [...content.lines].sort((a, b) => order(a) - order(b));
    for (const line of lines) if (line.id !== pointed) paintLine(line, style);
    paintAxes(style);
    const line = content.lines.find(({ id }) => id === pointed);
    if (line) paintLine(line, style, true);
    caption.textContent = line ? line.text : legend;
  }

  function layOut(width, height) {
    const { axes } = content;
    const right = width - MARGIN.side - Math.min(width / axes.length, 150) / 2;
    const widest = Math.max(...axes[0].ticks.map(({ text }) => context.measureText(text).width));
    const left = Math.max(width - right, Math.ceil(widest) + BESIDE + MARGIN.side);
    const step = axes.length > 1 ? (right - left) / (axes.length - 1) : 0;
    return {
      x: (i) => left + i * step,
      y: (place) => MARGIN.top + (1 - place) * (height - MARGIN.top - MARGIN.bottom),
    };
  }

  /** The points of a line up to its first unknown value. */
  function pointsOf({ places }) {
    const end = places.indexOf(null);
    return (end < 0 ? places : places.slice(0, end)).map((place, i) => [layout.x(i), layout.y(place)]);
  }

  function paintLine(line, style, isPointed = false) {
    const points = pointsOf(line);
    context.strokeStyle = isPointed ? style.color : mixed(style.caretColor, style.accentColor, line.share ?? 0);
    context.globalAlpha = isPointed ? 1 : line.isFaint ? 0.12 : 0.85;
    context.lineWidth = isPointed ? 3 : 1 + 1.25 * (line.share ?? 0);
    context.setLineDash(line.share === null && !isPointed ? [3, 4] : []);
    context.lineJoin = "round";
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = context.strokeStyle;
    for (const [x, y] of points) paintDot(context, x, y, isPointed ? 4.5 : 2.5);
    context.globalAlpha = 1;
  }

  function paintAxes(style) {
    content.axes.forEach(({ name, ticks }, i) => {
      const x = Math.round(layout.x(i)) + 0.5;
      context.strokeStyle = style.borderTopColor;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, layout.y(1));
      context.lineTo(x, layout.y(0));
      context.stroke();
      context.textAlign = "center";
      context.textBaseline = "alphabetic";
      context.fillStyle = style.color;
      context.fillText(name, x, 16);
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (const tick of ticks) label(tick.text, x - BESIDE, layout.y(tick.at), style);
    });
  }

  /** Text that stays legible where lines pass behind it. */
  function label(text, x, y, style) {
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = custom(style, "--paper");
    context.strokeText(text, x, y);
    context.fillStyle = style.textDecorationColor;
    context.fillText(text, x, y);
  }

  function nearest(x, y) {
    if (!layout) return null;
    let [found, least] = [null, NEAR];
    for (const line of content.lines) {
      if (line.isFaint) continue;
      const points = pointsOf(line);
      for (let i = 1; i < points.length; i++) {
        const distance = distanceTo(points[i - 1], points[i], x, y);
        if (distance < least) [found, least] = [line.id, distance];
      }
    }
    return found;
  }

  function point(id) {
    if (id === pointed) return;
    pointed = id;
    onPoint(id);
    paintSoon();
  }

  canvas.addEventListener("pointermove", (event) => point(nearest(event.offsetX, event.offsetY)));
  canvas.addEventListener("pointerleave", () => {
    if (document.activeElement !== canvas) point(null);
  });
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("click", (event) => {
    const id = nearest(event.offsetX, event.offsetY);
    if (id !== null && event.detail === 2) onChoose(id);
    else point(id);
  });
  canvas.addEventListener("keydown", (event) => {
    const ids = content.lines.filter(({ isFaint }) => !isFaint).map(({ id }) => id);
    const direction = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (direction && ids.length > 0) {
      event.preventDefault();
      const now = ids.indexOf(pointed);
      point(ids[now < 0 ? (direction > 0 ? 0 : ids.length - 1) : (now + direction + ids.length) % ids.length]);
    } else if (event.key === "Enter" && pointed !== null) onChoose(pointed);
    else if (event.key === "Escape") point(null);
  });

  return {
    /**
     * @param {{axes: Axis[], lines: Line[]}} next lines in the order in which the arrow keys go through them
     * @param {string} summary what a screen reader says of the chart
     */
    show(next, summary) {
      content = next;
      canvas.style.minInlineSize = `${next.axes.length * MIN_BETWEEN}px`;
      if (canvas.getAttribute("aria-label") !== summary) canvas.setAttribute("aria-label", summary);
      paintSoon();
    },
    /** @param {number | null} id of the line to stand out */
    point(id) {
      pointed = id;
      paintSoon();
    },
  };
}

function distanceTo([ax, ay], [bx, by], x, y) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + along * dx - x, ay + along * dy - y);
}

/** The mix of two colours of the style sheet, with `share` of the second. */
function mixed(from, to, share) {
  const [a, b] = [from, to].map((colour) => colour.match(/[\d.]+/g).map(Number));
  return `rgb(${[0, 1, 2].map((i) => Math.round(a[i] + share * (b[i] - a[i]))).join(" ")})`;
}
