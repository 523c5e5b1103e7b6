/** How many of the held-out images of each class are right, as bars. */

import { copyOf } from "../../page/template.js";

/**
 * @param {HTMLElement} section
 * @param {string[]} names of the classes
 */
export function mountRunClasses(section, names) {
  const words = section.querySelector("[data-part=words]");
  const atRest = words.textContent;
  const rows = names.map((name) => copyOf("run-class-row", { name }));
  section.querySelector("ol").replaceChildren(...rows.map(({ element }) => element));

  return {
    /** @param {{epoch: number, by_class?: (number | null)[]} | null} epoch null before the first has ended */
    show(epoch) {
      const shares = epoch?.by_class ?? [];
      words.textContent = epoch?.by_class ? `After epoch ${epoch.epoch}, of the images held out.` : atRest;
      const known = shares.filter((share) => share !== null && share !== undefined);
      const [lowest, highest] = [Math.min(...known), Math.max(...known)];
      rows.forEach(({ element, part }, i) => {
        const share = shares[i] ?? null;
        part("bar").style.inlineSize = `${(share ?? 0) * 100}%`;
        part("share").textContent = share === null ? "–" : `${(share * 100).toFixed(1)}%`;
        element.classList.toggle("is-lowest", share !== null && share === lowest && lowest < highest);
      });
    },
  };
}
