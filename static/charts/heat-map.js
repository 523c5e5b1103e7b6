/**
 * A grid of numbers as a picture. Signed numbers have one of two colours, and negative cells also have a mark, so
 * that nobody needs to see the colours; unsigned numbers go from paper to ink.
 *
 * @import {Colours} from "./heat-colours.js"
 * @typedef {object} Options
 * @property {boolean} signed
 * @property {number} [scale] the number that has the darkest colour; the largest one when left out
 * @property {ArrayLike<number>} [under] ink in 0..1 for each cell, shown pale below the numbers
 * @property {boolean} [isOver] whether to paint over what is on the canvas, in place of paper
 */

import { contextOf } from "../page/canvas.js";
import { inkPlace } from "../page/ink-place.js";
import { repainting } from "../page/repainting.js";
import { gridWords } from "./grid-words.js";
import { heatColours, largest } from "./heat-colours.js";

// In screen pixels. A mark in a smaller cell would be invisible, so small cells get a hatching.
const MARKED_FROM = 5;
const MARK = 0.32;
// The shade of ink below the numbers: visible, but too pale to look like one of them.
const PALE = 0.25;

/**
 * Paints into a rectangle of a canvas, in its pixels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} values row by row
 * @param {{columns: number, rows: number}} grid
 * @param {{x: number, y: number, width: number, height: number}} place
 * @param {Options & {colours: Colours}} options
 */
export function paintHeatMap(context, values, { columns, rows }, { x, y, width, height }, options) {
  const { signed, colours, under, isOver } = options;
  const full = options.scale ?? largest(values);
  const [wide, high] = [width / columns, height / rows];
  if (under) {
    const ink = { signed: false, scale: 1 / PALE, colours, isOver };
    paintHeatMap(context, under, { columns, rows }, { x, y, width, height }, ink);
  } else if (!isOver) {
    context.fillStyle = colours.paper;
    context.fillRect(x, y, width, height);
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      const strength = full > 0 ? Math.min(1, Math.abs(value) / full) : 0;
      if (strength < 0.004) continue;
      // On the pixel grid, so that no gap shows between neighbours.
      const [left, top] = [Math.round(x + column * wide), Math.round(y + row * high)];
      const [right, bottom] = [Math.round(x + (column + 1) * wide), Math.round(y + (row + 1) * high)];
      const isBelow = signed && value < 0;
      context.globalAlpha = strength;
      context.fillStyle = signed ? (isBelow ? colours.negative : colours.positive) : colours.ink;
      context.fillRect(left, top, right - left, bottom - top);
      if (isBelow) paintMark(context, left, top, right - left, bottom - top, { row, column, strength, colours });
    }
  }
  context.globalAlpha = 1;
}

/** A bar across a large cell. Every second small cell is paler, which looks like a hatching. */
function paintMark(context, left, top, width, height, { row, column, strength, colours }) {
  context.fillStyle = colours.paper;
  if (Math.min(width, height) >= MARKED_FROM) {
    context.globalAlpha = 0.5 + 0.4 * strength;
    const thick = Math.max(1, Math.round(height * MARK));
    const inset = Math.round(width * 0.18);
    context.fillRect(left + inset, top + Math.round((height - thick) / 2), width - 2 * inset, thick);
  } else if ((row + column) % 2 === 0) {
    context.globalAlpha = 0.55;
    context.fillRect(left, top, width, height);
  }
}

/**
 * A heat map of its own canvas. With `onPick` it is a grid that the keyboard walks: arrows move, Home and End go to the
 * ends of a row, Enter or Space picks.
 *
 * @param {HTMLElement} element that gets the canvas, or has one
 * @param {object} options
 * @param {string} options.label what it is, for a screen reader
 * @param {number} options.columns
 * @param {number} options.rows
 * @param {(index: number) => void} [options.onPick]
 * @param {(index: number | null) => void} [options.onHover] the cell under the pointer or the keyboard's cursor
 * @param {(index: number, value: number) => string} [options.describe] what is read out of a cell
 */
export function mountHeatMap(element, { label, columns, rows, onPick, onHover, describe }) {
  const canvas = element.querySelector("canvas") ?? element.appendChild(document.createElement("canvas"));
  const context = contextOf(canvas);
  element.classList.add("heat-map");
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  canvas.setAttribute("role", onPick ? "application" : "img");
  canvas.setAttribute("aria-label", label);
  /** @type {Options & {values: ArrayLike<number>, picked: number | null}} */
  let shown = { values: [], signed: false, picked: null };
  let cursor = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
  const spoken = onPick ? mountSpoken(element) : null;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const { clientWidth } = canvas;
    if (clientWidth === 0) return;
    canvas.width = Math.round(clientWidth * devicePixelRatio);
    canvas.height = Math.round((canvas.width * rows) / columns);
    const place = { x: 0, y: 0, width: canvas.width, height: canvas.height };
    paintHeatMap(context, shown.values, { columns, rows }, place, { ...shown, colours: heatColours(canvas) });
    const style = getComputedStyle(canvas);
    if (shown.picked !== null) outline(shown.picked, style.accentColor, 2);
    if (onPick && canvas.matches(":focus-visible")) outline(cursor, style.color, 2);
  }

  function outline(index, colour, width) {
    const [wide, high] = [canvas.width / columns, canvas.height / rows];
    const thick = width * devicePixelRatio;
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.strokeRect(
      (index % columns) * wide + thick / 2,
      Math.floor(index / columns) * high + thick / 2,
      Math.max(wide, 3 * thick) - thick,
      Math.max(high, 3 * thick) - thick,
    );
  }

  function indexAt({ offsetX, offsetY }) {
    const column = Math.floor((offsetX / canvas.clientWidth) * columns);
    const row = Math.floor((offsetY / canvas.clientHeight) * rows);
    return Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column));
  }

  function goTo(index) {
    cursor = index;
    onHover?.(cursor);
    if (spoken) spoken.textContent = describe?.(cursor, shown.values[cursor]) ?? "";
    repaintSoon();
  }

  if (onHover) {
    canvas.addEventListener("pointermove", (event) => onHover(indexAt(event)));
    canvas.addEventListener("pointerleave", () => onHover(null));
  }
  if (onPick) {
    canvas.tabIndex = 0;
    canvas.addEventListener("click", (event) => {
      goTo(indexAt(event));
      onPick(cursor);
    });
    canvas.addEventListener("keydown", (event) => {
      const next = cellAfter(event.key, cursor, columns, rows);
      const picks = event.key === "Enter" || event.key === " ";
      if (next === null && !picks) return;
      event.preventDefault();
      if (picks) onPick(cursor);
      else goTo(next);
    });
    canvas.addEventListener("focus", () => goTo(shown.picked ?? cursor));
    canvas.addEventListener("blur", () => {
      onHover?.(null);
      repaintSoon();
    });
  }

  return {
    /**
     * @param {ArrayLike<number>} values row by row
     * @param {Options & {summary?: string, picked?: number | null}} options `summary` is what a screen reader says of it;
     *   by default its label, and where its ink is or its lowest and highest numbers are
     */
    show(values, { scale, signed, under, summary, picked = null }) {
      shown = { values, scale, signed, under, picked };
      const told = () =>
        signed ? gridWords(values, columns) : inkPlace({ width: columns, height: rows, pixels: values });
      canvas.setAttribute("aria-label", summary ?? `${label} ${told()}`);
      repaintSoon();
    },
  };
}

function mountSpoken(element) {
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  return element.appendChild(spoken);
}

/**
 * The cell that a key moves to, or null.
 *
 * @param {string} key
 * @param {number} index
 * @param {number} columns
 * @param {number} rows
 */
export function cellAfter(key, index, columns, rows) {
  const [row, column] = [Math.floor(index / columns), index % columns];
  const cell = (r, c) => Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c));
  switch (key) {
    case "ArrowLeft":
      return cell(row, column - 1);
    case "ArrowRight":
      return cell(row, column + 1);
    case "ArrowUp":
      return cell(row - 1, column);
    case "ArrowDown":
      return cell(row + 1, column);
    case "Home":
      return cell(row, 0);
    case "End":
      return cell(row, columns - 1);
    default:
      return null;
  }
}
