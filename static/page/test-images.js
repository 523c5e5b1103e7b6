/**
 * Test images that a network gets wrong, each with its label and what it was taken for. Choosing one gives its
 * picture: the 28 by 28 pixels that are shown.
 *
 * @typedef {{label: number, digit: number, confidence: number, pixels: number[]}} Mistake
 */

import { percent } from "./format.js";
import { paintPixels, pngOf } from "./pixels.js";

/**
 * @param {HTMLElement} list of the template test-images.html
 * @param {(picture: Blob, mistake: Mistake) => void} onChoose
 * @param {(mistake: Mistake) => string} [words] below each
 */
export function mountTestImages(list, onChoose, words = sentenceAbout) {
  const buttons = [...list.querySelectorAll("button")];
  /** @type {Mistake[]} */
  let shown = [];
  // Kept, so that the picture on the sheet can be recognised as one of these.
  /** @type {WeakMap<Mistake, Blob>} */
  const pictures = new WeakMap();
  /** @type {Blob | null} */
  let marked = null;

  buttons.forEach((button, i) => {
    button.addEventListener("click", async () => {
      const mistake = shown[i];
      if (!pictures.has(mistake)) pictures.set(mistake, await pngOf(button.querySelector("canvas")));
      onChoose(pictures.get(mistake), mistake);
    });
  });

  function showMark() {
    buttons.forEach((button, i) => {
      button.ariaPressed = String(marked !== null && pictures.get(shown[i]) === marked);
    });
  }

  return {
    /** @param {Mistake[]} mistakes as many as there is room for are shown */
    show(mistakes) {
      shown = mistakes;
      buttons.forEach((button, i) => {
        const mistake = mistakes[i];
        button.parentElement.hidden = !mistake;
        if (!mistake) return;
        paintPixels(button.querySelector("canvas"), mistake.pixels, 255);
        button.querySelector("span").textContent = words(mistake);
        button.disabled = false;
      });
      showMark();
    },
    /** @param {Blob | null} picture that lies on the sheet */
    mark(picture) {
      if (picture === marked) return;
      marked = picture;
      showMark();
    },
  };
}

/** @param {Mistake} mistake */
export function sentenceAbout({ label, digit, confidence }) {
  return `${label === 8 ? "an" : "a"} ${label}, taken for ${digit}, ${percent(confidence)}`;
}
