/** One network's column of the comparison: its answer, ten bars, what it is made of, and the button to choose it. */

import { accuracy, percent, whole } from "../../page/format.js";
import { memory, wrongOf } from "./comparison-words.js";

/**
 * @param {HTMLTableElement} table
 * @param {string} side
 * @param {(name: string) => void} onChoose
 */
export function mountColumn(table, side, onChoose) {
  const cells = Object.fromEntries(
    [...table.querySelectorAll(`[data-side=${side}]`)].map((cell) => [cell.dataset.row, cell]),
  );
  const bars = [...table.querySelectorAll(`[data-side=${side}][data-digit]`)];
  const button = cells.choose.querySelector("button");
  let name = "";

  button.addEventListener("click", () => button.ariaDisabled === "true" || onChoose(name));

  function write(row, text) {
    if (cells[row].textContent !== text) cells[row].textContent = text;
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
      bars.forEach((cell, digit) => {
        const share = answer?.probabilities[digit] ?? 0;
        cell.querySelector(".bar").style.inlineSize = `${100 * share}%`;
        cell.querySelector(".bar-share").textContent = answer ? percent(share) : "";
        cell.classList.toggle("is-likeliest", answer?.digit === digit);
      });
    },
  };
}
