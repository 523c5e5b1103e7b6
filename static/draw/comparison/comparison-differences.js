/** Test images that the smaller of two networks gets wrong with the greatest certainty, and the larger gets right. */

import { post, request } from "../../page/api.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { mountTestImages } from "../../page/test-images.js";

const LOOKED_AT = 20;

/**
 * @param {HTMLElement} part
 * @param {(picture: Blob) => void} lay
 */
export function mountDifferences(part, lay) {
  const sentence = part.querySelector("[data-part=differ]");
  const images = mountTestImages(part.querySelector(".test-images"), lay);
  const fetched = mountFetchedPart(part, show);

  function show({ small, large, mistakes, rights }) {
    const asked = `Of the ${mistakes.length} test images that “${small}” gets wrong and is surest of`;
    sentence.textContent =
      rights.length > 0
        ? `${asked}, “${large}” reads ${rights.length} right. Choose one to put it on the sheet:`
        : `${asked}, “${large}” reads none right.`;
    images.show(rights);
  }

  return {
    /** @param {import("./comparison-words.js").Model[]} pair the smaller first */
    of([small, large]) {
      part.hidden = false;
      const key = [small, large].map(({ name, version }) => `${name} ${version}`).join(" ");
      fetched.want(key, (signal) => differences(small.name, large.name, signal));
    },
    none() {
      part.hidden = true;
    },
    mark: images.mark,
  };
}

async function differences(small, large, signal) {
  const path = `lessons/mistakes?model=${encodeURIComponent(small)}&count=${LOOKED_AT}`;
  const { mistakes } = await request(path, { signal });
  if (mistakes.length === 0) return { small, large, mistakes, rights: [] };
  const instances = mistakes.map(({ pixels }) => pixels);
  const { predictions } = await post(`predict?model=${encodeURIComponent(large)}`, { instances });
  return { small, large, mistakes, rights: mistakes.filter(({ label }, i) => predictions[i].digit === label) };
}
