/**
 * The pictures on the way from a stroke to its input.
 *
 * @typedef {{name: string, width: number, height: number, pixels: number[]}} Stage 0 = paper and 255 = ink, row by row
 */

import { contextOf } from "../page/canvas.js";
import { pngOf } from "../page/pixels.js";
import { repainting } from "../page/repainting.js";

// The sheet and the part of it, at its lower right, onto which a whole drawing is made small.
const SHEET = 280;
const SMALL = 84;
const MARGIN = 6;
// A picture of the network's own size is shown as what it is: pixels.
const PIXELS = 28;

/**
 * Paints a stage into a square of a canvas, in whose middle it lies, and leaves the paper as it is.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stage} stage
 * @param {{x: number, y: number, side: number}} square
 * @param {string} ink a colour
 */
export function paintStage(context, stage, { x, y, side }, ink) {
  const { width, height } = stage;
  const scale = side / Math.max(width, height);
  context.imageSmoothingEnabled = Math.max(width, height) > PIXELS;
  context.imageSmoothingQuality = "high";
  context.drawImage(
    inked(stage, ink),
    x + (side - width * scale) / 2,
    y + (side - height * scale) / 2,
    width * scale,
    height * scale,
  );
}

function inked({ width, height, pixels }, ink) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = contextOf(canvas);
  const image = context.createImageData(width, height);
  for (const [i, shade] of pixels.entries()) image.data[4 * i + 3] = shade;
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = ink;
  context.fillRect(0, 0, width, height);
  return canvas;
}

/**
 * A sheet with the drawing made small, in a corner.
 *
 * @param {Stage} drawn
 * @returns {Promise<Blob>}
 */
export function inCorner(drawn) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SHEET;
  const context = contextOf(canvas);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SHEET, SHEET);
  const place = SHEET - SMALL - MARGIN;
  paintStage(context, drawn, { x: place, y: place, side: SMALL }, "#000");
  return pngOf(canvas);
}

/**
 * A canvas that shows stages in the page's colours, at any size and density of the screen.
 *
 * @param {HTMLCanvasElement} canvas square by its style
 */
export function mountStagePicture(canvas) {
  const context = contextOf(canvas);
  /** @type {Stage | null} */
  let shown = null;

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    canvas.width = canvas.height = Math.round(canvas.clientWidth * devicePixelRatio);
    if (shown) paintStage(context, shown, { x: 0, y: 0, side: canvas.width }, getComputedStyle(canvas).color);
  }

  return {
    /** @param {Stage | null} stage */
    show(stage) {
      shown = stage;
      repaintSoon();
    },
  };
}
