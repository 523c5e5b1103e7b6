/** The drawing of this tab: a reload, a way back and other pages with a sheet begin with it. */

import { isBlank } from "./drawing.js";
import { readPicture } from "./picture.js";

/** @import {Drawing, Stroke} from "./drawing.js" */

const KEY = "drawing";
// Bytes of a picture. A browser keeps about 5 MB for a site, as text, which is a third longer.
const MAX_PICTURE = 3_000_000;
let latest = 0;

/**
 * Keeps a drawing, or forgets the one before where it is blank or too large to keep.
 *
 * @param {Drawing} drawing
 */
export async function keepDrawing({ picture, strokes }) {
  const number = ++latest;
  const url = picture && picture.blob.size <= MAX_PICTURE ? await dataUrlOf(picture.blob) : null;
  if (number !== latest) return;
  try {
    sessionStorage.removeItem(KEY);
    if (url || !(picture || isBlank({ picture, strokes }))) {
      sessionStorage.setItem(KEY, JSON.stringify({ strokes, picture: url, label: picture?.label }));
    }
  } catch {
    // The browser keeps nothing for pages, or not as much.
  }
}

/** @returns {Promise<Drawing | null>} */
export async function keptDrawing() {
  const kept = read();
  if (!kept?.picture) return kept && { picture: null, strokes: kept.strokes };
  try {
    const picture = await readPicture(blobOf(kept.picture));
    return picture && { picture: { ...picture, label: kept.label }, strokes: kept.strokes };
  } catch {
    return null; // not kept by this version
  }
}

/** @returns {Stroke[]} none for a drawing over a picture */
export function keptStrokes() {
  const kept = read();
  return kept && !kept.picture ? kept.strokes : [];
}

/** @returns {{strokes: Stroke[], picture: string | null, label?: number} | null} */
function read() {
  try {
    const { strokes, picture, label } = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    const isPoint = ({ x, y }) => Number.isFinite(x) && Number.isFinite(y);
    return strokes.every((stroke) => stroke.length > 0 && stroke.every(isPoint)) ? { strokes, picture, label } : null;
  } catch {
    return null; // nothing is kept, or not by this version
  }
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/** @param {string} url as of `dataUrlOf`; `fetch` may not read it under the page's policy */
function blobOf(url) {
  const [head, content] = url.split(",");
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice("data:".length, head.indexOf(";")) });
}
