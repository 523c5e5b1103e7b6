/** A bar and a percentage for each digit, with the likeliest marked. */

import { percent } from "../page/format.js";
import { part } from "../page/part.js";

/**
 * @param {HTMLElement[]} rows by digit, each with the parts "bar" and "percent"
 * @param {"inlineSize" | "blockSize"} [side] of the bars that grows
 * @param {(share: number) => string} [words]
 */
export function mountProbabilityBars(rows, side = "inlineSize", words = percent) {
  const bars = rows.map((row) => ({ row, bar: part(row, "bar"), percentage: part(row, "percent") }));

  /** @param {{digit: number, probabilities: number[]} | null} answer */
  return (answer) => {
    for (const [digit, { row, bar, percentage }] of bars.entries()) {
      const share = answer?.probabilities[digit] ?? 0;
      bar.style[side] = `${100 * share}%`;
      percentage.textContent = answer ? words(share) : "";
      row.classList.toggle("is-likeliest", answer?.digit === digit);
    }
  };
}
