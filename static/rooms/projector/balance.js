/** How many drawings of each digit the room's data set has: a bar for each. */

import { all, one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { setText } from "../../page/text.js";

/** @param {HTMLElement} list with an item for each digit */
export function mountBalance(list) {
  const items = all(list, "li").map((item) => ({ bar: one(item, ".bar"), count: one(item, ".balance-count") }));

  return {
    /** @param {number[]} counts */
    show(counts) {
      const most = Math.max(1, ...counts);
      counts.forEach((count, digit) => {
        items[digit].bar.style.inlineSize = `${(100 * count) / most}%`;
        setText(items[digit].count, whole(count));
      });
    },
  };
}
