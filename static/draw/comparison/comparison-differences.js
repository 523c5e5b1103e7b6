/** Test images that the larger network gets right, among the most confident mistakes of the smaller one. */

import { post, request } from "../../page/api.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { part } from "../../page/part.js";
import { mountTestImages } from "../../page/test-images.js";

const MAX_MISTAKES = 20;

/**
 * @param {HTMLElement} element
 * @param {import("../inside.js").Page["lay"]} lay
 */
export function mountDifferences(element, lay) {
  const sentence = part(element, "differ");
  const images = mountTestImages(part(element, "test-images"), lay);
  const fetched = mountFetchedPart(element, show);

  function show({ small, large, mistakes, rights }) {
    const asked = `Of the ${mistakes.length} test images that “${small}” gets wrong and is most sure about`;
    sentence.textContent =
      rights.length > 0
        ? `${asked}, “${large}” reads ${rights.length} right. Choose one to put it on the sheet:`
        : `${asked}, “${large}” reads none right.`;
    images.show(rights);
  }

  return {
    /** @param {import("./comparison-words.js").Model[]} pair the smaller first */
    of([small, large]) {
      element.hidden = false;
      const key = [small, large].map(({ name, version }) => `${name} ${version}`).join(" ");
      fetched.want(key, (signal) => differences(small.name, large.name, signal));
    },
    none() {
      element.hidden = true;
    },
    mark: images.mark,
  };
}

async function differences(small, large, signal) {
  const path = `lessons/mistakes?model=${encodeURIComponent(small)}&count=${MAX_MISTAKES}`;
  const { mistakes } = await request(path, { signal });
  if (mistakes.length === 0) return { small, large, mistakes, rights: [] };
  const instances = mistakes.map(({ pixels }) => pixels);
  const { predictions } = await post(`predict?model=${encodeURIComponent(large)}`, { instances });
  return { small, large, mistakes, rights: mistakes.filter(({ label }, i) => predictions[i].digit === label) };
}
