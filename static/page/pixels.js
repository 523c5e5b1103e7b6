/** A small grey picture as a network has it, white ink on black paper, enlarged by the style sheet. */

/**
 * @param {HTMLCanvasElement} canvas whose width and height are those of the picture
 * @param {ArrayLike<number>} pixels row by row, 0 = paper
 * @param {number} full the number that is ink in full
 */
export function paintPixels(canvas, pixels, full) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < pixels.length; i++) {
    const shade = (255 * pixels[i]) / full;
    image.data.set([shade, shade, shade, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}
