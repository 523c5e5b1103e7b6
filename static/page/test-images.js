/**
 * Test images that a network gets wrong, each with its label and the answer. Choosing one gives its
 * picture of 28 by 28 pixels.
 *
 * @typedef {{label: number, digit: number, confidence: number, pixels: number[]}} Mistake
 */

import { all, one } from "./elements.js";
import { aDigit, percent } from "./format.js";
import { paintPixels, pngOf } from "./pixels.js";

/**
 * @param {HTMLElement} list of the template test-images.html
 * @param {(picture: Blob, mistake: Mistake) => void} onChoose
 * @param {(mistake: Mistake) => string} [words] below each
 */
export function mountTestImages(list, onChoose, words = sentenceAbout) {
  const items = all(list, "li").map((item) => ({
    item,
    button: one(item, "button", HTMLButtonElement),
    canvas: one(item, "canvas", HTMLCanvasElement),
    caption: one(item, "span"),
  }));
  /** @type {Mistake[]} */
  let shown = [];
  // Cached, so that the picture on the sheet can be recognised as one of these.
  /** @type {WeakMap<Mistake, Blob>} */
  const pictures = new WeakMap();
  /** @type {Blob | null} */
  let marked = null;

  items.forEach(({ button, canvas }, i) => {
    button.addEventListener("click", async () => {
      const mistake = shown[i];
      const picture = pictures.get(mistake) ?? (await pngOf(canvas));
      pictures.set(mistake, picture);
      onChoose(picture, mistake);
    });
  });

  function showMark() {
    items.forEach(({ button }, i) => {
      button.ariaPressed = String(marked !== null && pictures.get(shown[i]) === marked);
    });
  }

  return {
    /** @param {Mistake[]} mistakes as many as there is room for are shown */
    show(mistakes) {
      shown = mistakes;
      items.forEach(({ item, button, canvas, caption }, i) => {
        const mistake = mistakes[i];
        item.hidden = !mistake;
        if (!mistake) return;
        paintPixels(canvas, mistake.pixels, 255);
        caption.textContent = words(mistake);
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
  return `${aDigit(label)}, taken for ${digit}, ${percent(confidence)}`;
}
