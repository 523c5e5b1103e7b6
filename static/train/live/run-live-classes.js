/** The accuracy on the held-out images of each class, as bars. */

import { one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";

/**
 * @param {HTMLElement} section
 * @param {string[]} names of the classes
 */
export function mountRunClasses(section, names) {
  const words = part(section, "words");
  const atRest = words.textContent;
  const rows = names.map((name) => copyOf("run-class-row", { name }).element);
  one(section, "ol").replaceChildren(...rows);

  return {
    /** @param {{epoch: number, by_class?: (number | null)[]} | null} epoch null before the first has ended */
    show(epoch) {
      const shares = epoch?.by_class ?? [];
      words.textContent = epoch?.by_class ? `After epoch ${epoch.epoch}, of the images held out.` : atRest;
      const known = shares.filter((share) => share !== null);
      const [lowest, highest] = [Math.min(...known), Math.max(...known)];
      rows.forEach((row, i) => {
        const share = shares[i] ?? null;
        part(row, "bar").style.inlineSize = `${(share ?? 0) * 100}%`;
        part(row, "share").textContent = share === null ? "–" : `${(share * 100).toFixed(1)}%`;
        row.classList.toggle("is-lowest", share !== null && share === lowest && lowest < highest);
      });
    },
  };
}
