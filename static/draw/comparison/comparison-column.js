/** One network's column of the comparison: its answer, ten bars, what it is made of, and the button to choose it. */

import { mountProbabilityBars } from "../../network/probability-bars.js";
import { all, one } from "../../page/elements.js";
import { accuracy, percent, whole } from "../../page/format.js";
import { setText } from "../../page/text.js";
import { memory, wrongOf } from "./comparison-words.js";

/**
 * @param {HTMLTableElement} table
 * @param {string} side
 * @param {(name: string) => void} onChoose
 */
export function mountColumn(table, side, onChoose) {
  const showBars = mountProbabilityBars(all(table, `[data-side=${side}][data-digit]`));
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
    setText(cellOf(row), text);
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
      showBars(answer);
    },
  };
}
