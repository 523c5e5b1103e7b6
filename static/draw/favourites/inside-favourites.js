/** The section "favourites" of the draw page: what the network would like to see, and the test images it gets wrong. */

import { request } from "../../page/api.js";
import { all } from "../../page/elements.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { percent, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { mountTestImages } from "../../page/test-images.js";

const MISTAKES = 20;

/**
 * @param {HTMLElement} body
 * @param {import("../inside.js").Page} page
 */
export function mount(body, page) {
  const dreams = all(part(body, "dreams"), "li");
  const images = mountTestImages(part(body, "test-images"), page.lay);
  const fetched = mountFetchedPart(part(body, "fetched"), show);
  /** @type {Map<string, string>} the version that each network was last known to have */
  const versions = new Map();

  const keyOf = (model) => `${model} ${versions.get(model) ?? ""}`;

  function follow(model) {
    fetched.want(keyOf(model), async (signal) => {
      const query = `model=${encodeURIComponent(model)}`;
      const [dreamed, mistaken] = await Promise.all([
        request(`lessons/dreams?${query}`, { signal }),
        request(`lessons/mistakes?${query}&count=${MISTAKES}`, { signal }),
      ]);
      return { dreamed, mistaken };
    });
  }

  function show(data) {
    const { dreamed, mistaken } = data;
    const { model, version, wrong, images: all } = mistaken;
    if (!versions.has(model)) {
      versions.set(model, version);
      fetched.keep(keyOf(model), data);
    }
    part(body, "name").textContent = `“${model}”`;
    dreamed.dreams.forEach(({ digit, pixels, probability }, i) => {
      const [canvas, words] = [dreams[i].querySelector("canvas"), part(dreams[i], "probability")];
      paintPixels(canvas, pixels, 1);
      const sure = `${percent(probability)} sure`;
      canvas.setAttribute("aria-label", `What “${model}” would like to see for a ${digit}: it is ${sure}`);
      words.textContent = percent(probability);
    });
    part(body, "wrong").textContent = `“${model}” gets ${whole(wrong)} of the ${whole(all)} test images wrong.`;
    images.show(mistaken.mistakes);
  }

  return {
    show({ answer, picture }) {
      versions.set(answer.model, answer.version);
      follow(answer.model);
      images.mark(picture);
    },
    blank() {
      follow(page.network);
      images.mark(null);
    },
  };
}
