/** Brings pictures onto the sheet: a chosen file, a dropped or pasted one, an example. */

import { sentenceOf, Unreachable } from "../page/api.js";
import { readPicture } from "./picture.js";

const NO_PICTURE = "That is no picture. Choose a PNG, JPEG, WebP, BMP, GIF or TIFF.";

/**
 * @param {{canvas: HTMLCanvasElement, button: HTMLElement, input: HTMLInputElement, examples: HTMLElement}} parts
 * @param {(picture: import("./picture.js").Picture) => void} lay
 * @param {(detail: string) => void} refuse when an example could not be fetched, or a file is no picture
 */
export function mountPictureInput({ canvas, button, input, examples }, lay, refuse) {
  const sheet = canvas.parentElement;
  const limits = JSON.parse(canvas.dataset.limits);
  let latest = 0;

  // A large picture takes a while to read, and must not replace one that was chosen later.
  async function read(getBlob) {
    const number = ++latest;
    const picture = await readPicture(await getBlob(), limits);
    if (number !== latest) return;
    if (picture) lay(picture);
    else refuse(NO_PICTURE);
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) read(() => file);
    input.value = ""; // so that choosing the same file again is a change
  });

  examples.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const path = /** @type {HTMLElement | null} */ (target.closest("[data-example]"))?.dataset.example;
    if (!path) return;
    read(() => fetchBlob(path)).catch((error) => refuse(sentenceOf(error)));
  });

  document.addEventListener("paste", (event) => {
    const file = pictureOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    read(() => file);
  });

  // On the whole document, since a picture dropped beside the sheet would replace the page.
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    sheet.classList.add("is-drop-target");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) sheet.classList.remove("is-drop-target");
  });
  document.addEventListener("drop", (event) => {
    sheet.classList.remove("is-drop-target");
    const file = pictureOf(event.dataTransfer);
    if (!file) return;
    event.preventDefault();
    read(() => file);
  });

  return {
    /** @param {Blob} picture from elsewhere on the page */
    put: (picture) => read(() => picture),
  };
}

/** The first picture among the files, else the first file. */
function pictureOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}

/**
 * @param {string} path of a picture on this server
 * @returns {Promise<Blob>}
 * @throws {Unreachable}
 */
export async function fetchBlob(path) {
  const response = await fetch(path).catch(() => null);
  if (!response?.ok) throw new Unreachable();
  return response.blob();
}
