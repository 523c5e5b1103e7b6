/** Test images, and the chosen one larger, with its most likely answers. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { mountTestImages } from "../../page/test-images.js";
import { imageWords, likeliestWords } from "./run-after-words.js";

/**
 * @import {Mistake} from "../../page/test-images.js"
 * @import {TestImage} from "./run-after-words.js"
 *
 * @param {HTMLElement} section of the template run/after.html, with a list of test-images.html and the chosen one
 */
export function mountRunImages(section) {
  const chosen = part(section, "chosen");
  /** @type {string[]} */
  let classes = [];
  const list = mountTestImages(one(section, ".test-images"), choose, (image) => imageWords(image, classes));

  /**
   * @param {Blob} picture
   * @param {Mistake} image
   */
  function choose(picture, image) {
    list.mark(picture);
    paintPixels(one(chosen, "canvas", HTMLCanvasElement), image.pixels, 255);
    part(chosen, "answers").textContent = likeliestWords(/** @type {TestImage} */ (image), classes);
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
