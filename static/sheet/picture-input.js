/** Brings pictures onto the sheet: a chosen file, a dropped or pasted one, an example. */

import { request, sentenceOf, Unreachable } from "../page/api.js";
import { readPicture } from "./picture.js";

const NO_PICTURE = "That is no picture. Choose a PNG, JPEG, WebP, BMP, GIF or TIFF.";
const UNREADABLE = "That file can't be read: it may have changed, or it is gone. Choose it again.";

/**
 * @param {{canvas: HTMLCanvasElement, button: HTMLElement, input: HTMLInputElement, examples: HTMLElement}} parts
 * @param {(picture: import("./picture.js").Picture) => void} lay
 * @param {(detail: string, isPassing: boolean) => void} refuse when an example could not be fetched, which is passing, or
 *   a file is no picture or unreadable
 */
export function mountPictureInput({ canvas, button, input, examples }, lay, refuse) {
  const sheet = canvas.parentElement;
  const limits = JSON.parse(canvas.dataset.limits);
  let latest = 0;

  // A large picture takes a while to read, and must not replace one that was chosen later.
  async function read(getBlob, label = undefined) {
    const number = ++latest;
    let picture = null;
    let [trouble, isPassing] = [NO_PICTURE, false];
    try {
      picture = await readPicture(await getBlob(), limits);
    } catch (error) {
      trouble = error instanceof DOMException ? UNREADABLE : sentenceOf(error);
      isPassing = error instanceof Unreachable;
    }
    if (number !== latest) return;
    if (picture) lay({ ...picture, label });
    else refuse(trouble, isPassing);
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) read(() => file);
    input.value = ""; // so that choosing the same file again is a change
  });

  examples.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const chosen = /** @type {HTMLElement | null} */ (target.closest("[data-example]"))?.dataset;
    if (chosen) read(() => fetchBlob(chosen.example), Number(chosen.label));
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
    /**
     * @param {Blob} picture from elsewhere on the page
     * @param {number} [label] the digit that it is known to be
     */
    put: (picture, label) => read(() => picture, label),
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
 * @throws {import("../page/api.js").Problem | import("../page/api.js").Unreachable}
 */
export function fetchBlob(path) {
  return request(path, { read: (response) => response.blob() });
}
