/** Paints a drawing: on the screen in the theme's colours, and for the network in black on white. */

import { paintedPng, requireReadablePixels } from "../page/pixels.js";
import { PEN_WIDTH, traceStroke } from "./drawing.js";

/** The side of a drawing that is sent, in pixels: five for each one of the 28x28 that it becomes. */
export const SENT_SIDE = 140;
// A picture below the strokes may be fine, as a photograph is.
const SENT_PICTURE_SIDE = 280;
const SENT_COLOURS = { ink: "#000", paper: "#fff" };

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {number} side of the sheet, in the context's pixels
 * @param {import("./drawing.js").Drawing} drawing
 * @param {{ink: string, paper: string}} colours where the drawing has no picture, which brings its own
 */
export function paint(context, side, drawing, colours) {
  const { picture, strokes } = drawing;
  const { ink, paper } = picture ?? colours;
  context.fillStyle = paper;
  context.fillRect(0, 0, side, side);
  if (picture?.bitmap) {
    const { width, height } = picture.bitmap;
    const scale = side / Math.max(width, height);
    // A small picture is shown as pixels, not smoothed.
    context.imageSmoothingEnabled = scale < 4;
    context.drawImage(
      picture.bitmap,
      (side - width * scale) / 2,
      (side - height * scale) / 2,
      width * scale,
      height * scale,
    );
  }
  context.strokeStyle = ink;
  context.lineWidth = PEN_WIDTH * side;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    traceStroke(context, stroke, side);
    context.stroke();
  }
}

/**
 * The picture to send: an uploaded file as it is if nothing was drawn over it, else a PNG of the sheet.
 *
 * @param {import("./drawing.js").Drawing} drawing
 * @returns {Promise<Blob>}
 * @throws {import("../page/api.js").Problem} where this browser hides what was drawn
 */
export async function toBlob(drawing) {
  if (drawing.picture && drawing.strokes.length === 0) return drawing.picture.blob;
  await requireReadablePixels();
  const side = drawing.picture ? SENT_PICTURE_SIDE : SENT_SIDE;
  return paintedPng(side, (context) => paint(context, side, drawing, SENT_COLOURS));
}
