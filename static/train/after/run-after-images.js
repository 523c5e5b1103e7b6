/** Test images of one kind, and the chosen one of them larger, with the answers it gets. */

import { paintPixels } from "../../page/pixels.js";
import { mountTestImages } from "../../page/test-images.js";
import { imageWords, likeliestWords } from "./run-after-words.js";

/**
 * @typedef {import("./run-after-words.js").TestImage} TestImage
 *
 * @param {HTMLElement} part of the template run/after.html, with a list of test-images.html and the chosen one
 */
export function mountRunImages(part) {
  const chosen = part.querySelector("[data-part=chosen]");
  /** @type {string[]} */
  let classes = [];
  const list = mountTestImages(part.querySelector(".test-images"), choose, (image) => imageWords(image, classes));

  /**
   * @param {Blob} picture
   * @param {TestImage} image
   */
  function choose(picture, image) {
    list.mark(picture);
    paintPixels(chosen.querySelector("canvas"), image.pixels, 255);
    chosen.querySelector("[data-part=answers]").textContent = likeliestWords(image, classes);
    chosen.hidden = false;
  }

  return {
    /**
     * @param {TestImage[]} images
     * @param {string[]} names of the classes
     */
    show(images, names) {
      classes = names;
      chosen.hidden = true;
      list.mark(null);
      list.show(images);
    },
  };
}
