/**
 * A picture from a file, the clipboard or the examples. `bitmap` is null where the browser can't show it; the server
 * may still read it (TIFF, for one). `paper` and `ink` are the colours for what is drawn around and over it. `label` is
 * the digit that a test image is known to be.
 *
 * @typedef {{blob: Blob, bitmap: ImageBitmap | null, paper: string, ink: string, label?: number}} Picture
 *
 * The longest side that the server reads, which the page's template writes into `data-limits` of the sheet.
 * @typedef {{side: number}} Limits
 */

import { contextOf } from "../page/canvas.js";
import { pngOf } from "../page/pixels.js";

// The server reads these; any other picture is repainted for it.
const TYPES = /^image\/(png|jpeg|webp|bmp|gif|tiff)$/;
// More than any screen shows. A phone's photograph would take 200 MB in the history.
const MAX_SHOWN_SIDE = 1024;
// Nor is a larger one sent: a proxy often refuses more than 1 MB, and phones are slow to send it.
const MAX_SENT_BYTES = 1_000_000;
const MAX_SENT_PIXELS = 2_000_000;
const JPEG_QUALITY = 0.9;
const WHITE = "#fff";
const BLACK = "#000";
// Less contrast than this, of 255, is noise, as in app/images/ink.py.
const MIN_CONTRAST = 24;

/**
 * @param {Blob} blob
 * @param {Limits} [limits] left out for one of this server's own pictures
 * @returns {Promise<Picture | null>} null for what is no picture
 * @throws {DOMException} for a file that can't be read
 */
export async function readPicture(blob, limits) {
  let whole;
  try {
    whole = await createImageBitmap(blob);
  } catch {
    if (!blob.type.startsWith("image/")) return null;
    return { blob: await inMemory(blob), bitmap: null, paper: WHITE, ink: BLACK };
  }
  const { width, height } = whole;
  const isSent =
    !limits ||
    (TYPES.test(blob.type) &&
      blob.size <= MAX_SENT_BYTES &&
      width * height <= MAX_SENT_PIXELS &&
      Math.max(width, height) <= limits.side);
  const bitmap = await shrunk(whole);
  const colours = coloursOf(bitmap);
  return { blob: await (isSent ? inMemory(blob) : repainted(bitmap, colours.paper)), bitmap, ...colours };
}

/**
 * A chosen file with its bytes as they are now: it can change or go before it is sent again.
 *
 * @param {Blob} blob
 */
async function inMemory(blob) {
  return blob instanceof File ? new Blob([await blob.arrayBuffer()], { type: blob.type }) : blob;
}

async function shrunk(bitmap) {
  const scale = MAX_SHOWN_SIDE / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return bitmap;
  const small = await createImageBitmap(bitmap, {
    resizeWidth: Math.max(1, Math.round(bitmap.width * scale)),
    resizeHeight: Math.max(1, Math.round(bitmap.height * scale)),
    resizeQuality: "high",
  });
  bitmap.close();
  return small;
}

/**
 * As a PNG, or as a JPEG on its paper where a PNG is too large: a photograph is.
 *
 * @param {ImageBitmap} bitmap
 * @param {string} paper
 * @returns {Promise<Blob>}
 */
async function repainted(bitmap, paper) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = contextOf(canvas);
  context.drawImage(bitmap, 0, 0);
  const png = await pngOf(canvas);
  if (png.size <= MAX_SENT_BYTES) return png;
  context.globalCompositeOperation = "destination-over"; // under what is transparent
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((jpeg) => resolve(jpeg ?? png), "image/jpeg", JPEG_QUALITY));
}

/** Paper and ink as the server separates them: paper is the median of the border, ink what differs most from it. */
function coloursOf(bitmap) {
  const side = 32;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const pixels = Array.from({ length: side * side }, (_, i) => {
    const [red, green, blue, alpha] = data.subarray(4 * i, 4 * i + 4);
    const isBorder = [i % side, Math.floor(i / side)].some((at) => at % (side - 1) === 0);
    return {
      colour: `rgb(${red} ${green} ${blue})`,
      light: 0.299 * red + 0.587 * green + 0.114 * blue,
      alpha,
      isBorder,
    };
  }).sort((a, b) => a.light - b.light);
  const seen = pixels.filter(({ alpha }) => alpha > 16);
  const border = pixels.filter(({ isBorder }) => isBorder);
  const solid = border.filter(({ alpha }) => alpha >= 128);
  if (2 * solid.length < border.length) {
    const isLight = seen.length > 0 && seen[seen.length >> 1].light > 127;
    return isLight ? { paper: BLACK, ink: WHITE } : { paper: WHITE, ink: BLACK };
  }
  const { colour, light } = solid[solid.length >> 1];
  const [darker, lighter] = [light - seen[0].light, seen.at(-1).light - light];
  const isDark = Math.max(darker, lighter) < MIN_CONTRAST ? light > 127 : darker > lighter;
  return { paper: colour, ink: isDark ? BLACK : WHITE };
}
