/** Pictures on canvases: the pixels that a network sees, and the canvas as a PNG. */

import { contextOf } from "./canvas.js";

/**
 * Paints a small grey picture, white ink on black paper, which the style sheet enlarges.
 *
 * @param {HTMLCanvasElement} canvas whose width and height are those of the picture
 * @param {ArrayLike<number>} pixels row by row, 0 = paper
 * @param {number} full the number that is ink in full
 */
export function paintPixels(canvas, pixels, full) {
  const context = contextOf(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < pixels.length; i++) {
    const shade = (255 * pixels[i]) / full;
    image.data.set([shade, shade, shade, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
export function pngOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((png) => (png ? resolve(png) : reject(new Error("The canvas has no picture"))), "image/png");
  });
}
