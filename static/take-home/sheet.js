/** The sheet: shows the strokes and the keyboard's cursor, and takes strokes back. The pens draw through it. */

import { repainting } from "../page/repainting.js";
import { CELLS } from "../sheet/cell-pen.js";
import { PEN_WIDTH, traceStroke } from "../sheet/drawing.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(settled: boolean) => void} onChange called after each change; not settled while a stroke is under way
 */
export function mountSheet(canvas, onChange) {
  const context = canvas.getContext("2d");
  /** @type {import("../sheet/drawing.js").Stroke[][]} the drawings before, for undo */
  const past = [];
  /** @type {import("../sheet/drawing.js").Stroke[]} */
  let strokes = [];
  /** @type {import("../sheet/drawing.js").Stroke | null} */
  let stroke = null;
  /** @type {import("../sheet/cell-pen.js").CellPen | null} */
  let cursor = null;

  const sheet = {
    /** With the one under way. */
    get strokes() {
      return stroke ? [...strokes, stroke] : strokes;
    },
    get isDrawing() {
      return stroke !== null;
    },
    get canUndo() {
      return stroke !== null || past.length > 0;
    },
    begin(point) {
      sheet.end();
      stroke = [point];
      changed(false);
    },
    extend(points) {
      if (!stroke || points.length === 0) return;
      stroke.push(...points);
      changed(false);
    },
    end() {
      if (stroke) put(sheet.strokes);
    },
    cancel() {
      stroke = null;
      changed(true);
    },
    undo() {
      if (stroke) return sheet.cancel();
      strokes = past.pop() ?? [];
      changed(true);
    },
    /** Can be undone. */
    clear() {
      sheet.end();
      if (strokes.length > 0) put([]);
    },
    showCursor(cell) {
      cursor = cell;
      repaintSoon();
    },
  };

  function put(drawing) {
    past.push(strokes);
    strokes = drawing;
    stroke = null;
    changed(true);
  }

  function changed(settled) {
    repaintSoon();
    onChange(settled);
  }

  const repaintSoon = repainting(canvas, () => {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.width = canvas.height = side;
    const style = getComputedStyle(canvas);
    context.strokeStyle = style.color;
    context.lineWidth = PEN_WIDTH * side;
    context.lineCap = context.lineJoin = "round";
    for (const points of sheet.strokes) {
      context.beginPath();
      traceStroke(context, points, side);
      context.stroke();
    }
    if (!cursor) return;
    const cell = side / CELLS;
    context.strokeStyle = context.fillStyle = style.accentColor;
    context.lineWidth = 2 * devicePixelRatio;
    context.strokeRect(cursor.column * cell, cursor.row * cell, cell, cell);
    if (cursor.isDown) context.fillRect(cursor.column * cell, cursor.row * cell, cell, cell);
  });

  return sheet;
}
