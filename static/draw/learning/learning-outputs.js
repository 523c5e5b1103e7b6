/** The ten outputs before and after learning: a pair of bars and two numbers for each digit. */

import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";

/** @param {HTMLElement} list with an item for each digit */
export function mountOutputs(list) {
  const rows = all(list, "[data-digit]").map((row) => ({
    row,
    numbers: ["before", "after"].map((when) => part(row, when)),
    bars: ["before", "after"].map((when) => one(row, `[data-when=${when}]`)),
  }));
  return {
    /**
     * @param {number[] | null} before
     * @param {number[] | null} after
     * @param {number | null} meant the target
     */
    show(before, after, meant) {
      rows.forEach(({ row, numbers, bars }, digit) => {
        [before, after].forEach((outputs, i) => {
          numbers[i].textContent = outputs ? output(outputs[digit]) : "–";
          bars[i].style.inlineSize = `${(outputs?.[digit] ?? 0) * 100}%`;
        });
        row.classList.toggle("is-meant", digit === meant);
      });
    },
  };
}

/** Four decimals, which hold still while the numbers change. @param {number} share in 0..1 */
function output(share) {
  return share > 0 && share < 0.00005 ? "<0.0001" : share.toFixed(4);
}
