/** The sheet: shows the drawing and the keyboard's cursor, and keeps the history. Pens draw through it. */

import { contextOf } from "../page/canvas.js";
import { repainting } from "../page/repainting.js";
import { CELLS } from "./cell-pen.js";
import { BLANK, isBlank, withStroke } from "./drawing.js";
import { History } from "./history.js";
import { paint } from "./ink.js";

/**
 * @typedef {ReturnType<typeof mountDrawingPad>} DrawingPad
 *
 * @param {HTMLCanvasElement} canvas
 * @param {(settled: boolean) => void} onChange called after each change; not settled while a stroke is under way
 * @param {{drawsOverPictures: boolean}} [options] where it does not, a stroke takes the place of a picture
 */
export function mountDrawingPad(canvas, onChange, { drawsOverPictures } = { drawsOverPictures: true }) {
  const context = contextOf(canvas);
  let history = new History(BLANK);
  /** @type {import("./drawing.js").Stroke | null} */
  let stroke = null;
  /** @type {import("./cell-pen.js").CellPen | null} */
  let cursor = null;

  const pad = {
    /** The current drawing, with the unfinished stroke. */
    get drawing() {
      if (!stroke) return history.now;
      return withStroke(history.now.picture && !drawsOverPictures ? BLANK : history.now, stroke);
    },
    get canUndo() {
      return stroke !== null || history.canUndo;
    },
    get canRedo() {
      return stroke === null && history.canRedo;
    },
    get isDrawing() {
      return stroke !== null;
    },
    /** @param {import("./drawing.js").Point} point */
    begin(point) {
      pad.end();
      stroke = [point];
      changed(false);
    },
    /** @param {import("./drawing.js").Point[]} points */
    extend(points) {
      if (!stroke || points.length === 0) return;
      stroke.push(...points);
      changed(false);
    },
    end() {
      if (!stroke) return;
      history.push(pad.drawing);
      stroke = null;
      changed(true);
    },
    /** Removes the unfinished stroke. */
    cancel() {
      if (!stroke) return;
      stroke = null;
      changed(true);
    },
    undo() {
      if (stroke) return pad.cancel();
      if (!history.canUndo) return;
      history.undo();
      changed(true);
    },
    redo() {
      if (!pad.canRedo) return;
      history.redo();
      changed(true);
    },
    /** Clears the sheet, which can be undone. */
    clear() {
      pad.end();
      if (isBlank(history.now)) return;
      history.push(BLANK);
      changed(true);
    },
    /** Begins a new drawing: the one before can't be brought back. */
    reset() {
      stroke = null;
      history = new History(BLANK);
      changed(true);
    },
    /** @param {import("./picture.js").Picture} picture */
    lay(picture) {
      pad.show({ picture, strokes: [] });
    },
    /**
     * Puts another drawing on the sheet, stroke by stroke, so that undo takes them back one by one.
     *
     * @param {import("./drawing.js").Drawing} drawing
     */
    show({ picture, strokes }) {
      pad.end();
      if (picture) history.push({ picture, strokes: [] });
      else if (!isBlank(history.now)) history.push(BLANK);
      for (const stroke of strokes) history.push(withStroke(history.now, stroke));
      changed(true);
    },
    /** @param {import("./cell-pen.js").CellPen | null} cell where the keyboard's cursor is shown */
    showCursor(cell) {
      cursor = cell;
      repaintSoon();
    },
  };

  /** @param {boolean} settled */
  function changed(settled) {
    repaintSoon();
    onChange(settled);
  }

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== side || canvas.height !== side) canvas.width = canvas.height = side;
    const style = getComputedStyle(canvas);
    paint(context, side, pad.drawing, { ink: style.color, paper: style.backgroundColor });
    if (cursor) paintCursor(cursor, side, style.accentColor);
  }

  /**
   * @param {import("./cell-pen.js").CellPen} cursor
   * @param {number} side
   * @param {string} colour
   */
  function paintCursor(cursor, side, colour) {
    const cell = side / CELLS;
    const width = Math.max(2, 2 * devicePixelRatio);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = width;
    const [left, top, size] = [cursor.column * cell - width, cursor.row * cell - width, cell + 2 * width];
    context.strokeRect(left, top, size, size);
    if (cursor.isDown) context.fillRect(left, top, size, size);
  }

  repaint();
  return pad;
}
