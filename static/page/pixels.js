/** Pictures on canvases: the pixels that a network sees, and the canvas as a PNG. */

import { Problem } from "./api.js";
import { contextOf } from "./canvas.js";

const HIDDEN =
  "This browser hides your drawing from the page, to protect against tracking. " +
  "Allow canvas data for this site, or use another browser.";
const SIDE = 16;
// Some browsers change every pixel a little, which does no harm.
const TOLERATED = 32;
let isReadable = false;

/**
 * Checks with a picture of its own that a page can read what it paints.
 *
 * @throws {Problem} where this browser gives white or noise instead, to protect against fingerprinting
 */
export async function requireReadablePixels() {
  isReadable ||= await isReadBack(); // the reader may have allowed it meanwhile
  if (!isReadable) throw new Problem(0, HIDDEN);
}

/** Whether a white left and a black right half are still there in a PNG of a canvas and after it is read again. */
async function isReadBack() {
  const halves = await paintedPng(SIDE, (context) => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE / 2, SIDE);
    context.fillStyle = "#000";
    context.fillRect(SIDE / 2, 0, SIDE / 2, SIDE);
  });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = contextOf(canvas);
  context.drawImage(await createImageBitmap(halves), 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((value, i) => {
    const isWhite = i % 4 === 3 || (i / 4) % SIDE < SIDE / 2;
    return Math.abs(value - (isWhite ? 255 : 0)) <= TOLERATED;
  });
}

/**
 * @param {number} side in pixels
 * @param {(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => void} paint
 * @returns {Promise<Blob>} a square PNG
 */
export function paintedPng(side, paint) {
  const canvas = emptyCanvas(side);
  paint(canvas.getContext("2d"));
  return "convertToBlob" in canvas ? canvas.convertToBlob({ type: "image/png" }) : elementPng(canvas);
}

/** An element's `toBlob` waits until the page is idle, which it seldom is during drawing. Old browsers have nothing else. */
function emptyCanvas(side) {
  if ("OffscreenCanvas" in globalThis) return new OffscreenCanvas(side, side);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  return canvas;
}

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
 * @throws {Problem} as `requireReadablePixels`
 */
export async function pngOf(canvas) {
  await requireReadablePixels();
  return elementPng(canvas);
}

function elementPng(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((png) => (png ? resolve(png) : reject(new Error("The canvas has no picture"))), "image/png");
  });
}
