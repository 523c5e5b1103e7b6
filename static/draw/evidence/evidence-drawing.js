/** The drawing with the evidence laid over it, and a ring where a dab would turn the answer. */

import { heatColours } from "../../charts/heat-colours.js";
import { paintHeatMap } from "../../charts/heat-map.js";
import { contextOf } from "../../page/canvas.js";
import { repainting } from "../../page/repainting.js";
import { paintStage } from "../preparation-picture.js";

const SIDE = 28;
// So many pixels a cell: enough for the mark of those below zero.
const CELL = 10;
const FAINT = 0.3;
// In pixels of the page.
const RING = 2.5;
const DASH = 5;

/**
 * @typedef {{x: number, y: number, radius: number, kind: string}} Brush in 0..1 of the sheet
 * @typedef {object} Shown
 * @property {import("../preparation-picture.js").Stage} stage the drawing
 * @property {[number, number, number, number, number, number]} place from the input (0..28) to the sheet (0..1), as a
 *   canvas's transform
 * @property {number[]} evidence
 * @property {number} scale
 */

/** @param {HTMLCanvasElement} canvas square by its style */
export function mountEvidenceDrawing(canvas) {
  const context = contextOf(canvas);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {Brush | null} */
  let brush = null;
  let isCurrent = true;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.width = canvas.height = side;
    if (!shown) return;
    const colours = heatColours(canvas);
    context.globalAlpha = FAINT;
    paintStage(context, shown.stage, { x: 0, y: 0, side }, colours.ink);
    context.globalAlpha = 1;
    paintEvidence(side, colours);
    if (brush) paintRing(side, colours);
  }

  function paintEvidence(side, colours) {
    const map = document.createElement("canvas");
    map.width = map.height = SIDE * CELL;
    const square = { x: 0, y: 0, width: map.width, height: map.height };
    const options = { signed: true, scale: shown.scale, colours, isOver: true };
    paintHeatMap(contextOf(map), shown.evidence, { columns: SIDE, rows: SIDE }, square, options);
    context.save();
    context.scale(side, side);
    context.transform(...shown.place);
    context.imageSmoothingEnabled = true;
    context.drawImage(map, 0, 0, SIDE, SIDE);
    context.restore();
  }

  /** In ink with an edge of paper, so that it stands out on both. */
  function paintRing(side, { ink, paper }) {
    context.globalAlpha = isCurrent ? 1 : FAINT;
    for (const [colour, width] of [
      [paper, 2 * RING],
      [ink, RING],
    ]) {
      context.beginPath();
      context.arc(brush.x * side, brush.y * side, brush.radius * side, 0, 2 * Math.PI);
      context.strokeStyle = colour;
      context.lineWidth = width * devicePixelRatio;
      context.setLineDash(brush.kind === "eraser" && colour === ink ? [DASH * devicePixelRatio] : []);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  return {
    /** @param {Shown | null} next */
    show(next) {
      shown = next;
      repaintSoon();
    },
    /**
     * @param {Brush | null} next
     * @param {boolean} current whether it is of the drawing as it is now
     */
    ring(next, current) {
      [brush, isCurrent] = [next, current];
      repaintSoon();
    },
  };
}
