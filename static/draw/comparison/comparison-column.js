/** One network's column of the comparison: its answer, ten bars, what it is made of, and the button to choose it. */

import { all, one } from "../../page/elements.js";
import { accuracy, percent, whole } from "../../page/format.js";
import { say } from "../../page/live-sentence.js";
import { memory, wrongOf } from "./comparison-words.js";

/**
 * @param {HTMLTableElement} table
 * @param {string} side
 * @param {(name: string) => void} onChoose
 */
export function mountColumn(table, side, onChoose) {
  const bars = all(table, `[data-side=${side}][data-digit]`).map((cell) => ({
    cell,
    bar: one(cell, ".comparison-bar"),
    percentage: one(cell, ".comparison-percent"),
  }));
  const button = one(cellOf("choose"), "button");
  let name = "";

  button.addEventListener("click", () => button.ariaDisabled === "true" || onChoose(name));

  /** @param {string} row */
  function cellOf(row) {
    return one(table, `[data-side=${side}][data-row=${row}]`);
  }

  /**
   * @param {string} row
   * @param {string} text
   */
  function write(row, text) {
    say(cellOf(row), text);
  }

  return {
    /**
     * @param {import("./comparison-words.js").Model} model
     * @param {boolean} isAnswering whether it is the one that answers the whole page
     */
    showModel(model, isAnswering) {
      name = model.name;
      const wrong = wrongOf(model);
      write("name", model.name);
      write("parameters", whole(model.parameters));
      write("layers", model.sizes.join("-"));
      write("memory", memory(model));
      write("wrong", wrong === null ? "–" : whole(wrong));
      write("accuracy", accuracy(model.accuracy));
      button.textContent = isAnswering ? `“${name}” answers now` : `Answer with “${name}”`;
      button.ariaDisabled = String(isAnswering);
    },
    /** @param {{digit: number, confidence: number, probabilities: number[]} | null} answer */
    showAnswer(answer) {
      write("answer", answer ? String(answer.digit) : "–");
      write("confidence", answer ? percent(answer.confidence) : "–");
      bars.forEach(({ cell, bar, percentage }, digit) => {
        const share = answer?.probabilities[digit] ?? 0;
        bar.style.inlineSize = `${100 * share}%`;
        percentage.textContent = answer ? percent(share) : "";
        cell.classList.toggle("is-likeliest", answer?.digit === digit);
      });
    },
  };
}
