/**
 * A picture from a file, the clipboard or the examples. `bitmap` is null where the browser can't show it; the server
 * may still read it (TIFF, for one). `paper` and `ink` are the colours for what is drawn around and over it.
 *
 * @typedef {{blob: Blob, bitmap: ImageBitmap | null, paper: string, ink: string}} Picture
 *
 * The largest picture that the server reads, which the page's template writes into `data-limits` of the sheet.
 * @typedef {{bytes: number, pixels: number, side: number}} Limits
 */

import { contextOf } from "../page/canvas.js";
import { pngOf } from "../page/pixels.js";

// The server reads these; any other picture is sent as a PNG of its bitmap.
const TYPES = /^image\/(png|jpeg|webp|bmp|gif|tiff)$/;
// More than any screen shows. A phone's photograph would take 200 MB in the history.
const MAX_SHOWN_SIDE = 1024;
const WHITE = "#fff";
const BLACK = "#000";
// Less contrast than this, of 255, is noise, as in app/images/ink.py.
const MIN_CONTRAST = 24;

/**
 * @param {Blob} blob
 * @param {Limits} [limits] left out for one of this server's own pictures
 * @returns {Promise<Picture | null>} null for what is no picture
 */
export async function readPicture(blob, limits) {
  let whole;
  try {
    whole = await createImageBitmap(blob);
  } catch {
    return blob.type.startsWith("image/") ? { blob, bitmap: null, paper: WHITE, ink: BLACK } : null;
  }
  const { width, height } = whole;
  const isSent =
    !limits ||
    (TYPES.test(blob.type) &&
      blob.size <= limits.bytes &&
      width * height <= limits.pixels &&
      Math.max(width, height) <= limits.side);
  const bitmap = await shrunk(whole);
  return { blob: isSent ? blob : await repainted(bitmap), bitmap, ...coloursOf(bitmap) };
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

/** @param {ImageBitmap} bitmap */
function repainted(bitmap) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  contextOf(canvas).drawImage(bitmap, 0, 0);
  return pngOf(canvas);
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
