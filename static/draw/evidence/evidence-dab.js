/** Puts a dab of ink or eraser on the picture that was asked about. */

import { contextOf } from "../../page/canvas.js";
import { pngOf } from "../../page/pixels.js";
import { readPicture } from "../../sheet/picture.js";

/**
 * @param {Blob} picture
 * @param {{x: number, y: number, radius: number, kind: string}} dab in 0..1 of the sheet, in whose middle the picture lies
 * @returns {Promise<Blob>} the same picture where the browser can't show it
 */
export async function withDab(picture, { x, y, radius, kind }) {
  const { bitmap, paper, ink } = await readPicture(picture);
  if (!bitmap) return picture;
  const { width, height } = bitmap;
  const side = Math.max(width, height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = contextOf(canvas);
  context.drawImage(bitmap, 0, 0);
  context.beginPath();
  context.arc(x * side - (side - width) / 2, y * side - (side - height) / 2, radius * side, 0, 2 * Math.PI);
  context.fillStyle = kind === "eraser" ? paper : ink;
  context.fill();
  return pngOf(canvas);
}
