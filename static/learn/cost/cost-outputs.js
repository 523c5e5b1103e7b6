/** Ten outputs beside the ten wanted ones, with both costs term by term. */

import { part } from "../../page/part.js";
import { fixed, numeral, precise } from "./cost-numbers.js";

/**
 * @typedef {{outputs: number[], wanted: number[], quadratic: number, cross_entropy: number}} Costs of lessons/costs
 */

/** @param {Element} section of the template's macro `network` */
export function mountOutputs(section) {
  const rows = [...part(section, "outputs").children];

  /**
   * @param {Element} element
   * @param {Record<string, string>} texts by the name of the parts
   */
  function fill(element, texts) {
    for (const [name, text] of Object.entries(texts)) {
      for (const place of element.querySelectorAll(`[data-part=${name}]`)) place.textContent = text;
    }
  }

  return {
    /** @param {Costs | null} costs null when nothing is drawn */
    show(costs) {
      section.classList.toggle("is-blank", !costs);
      if (!costs) return;
      const { outputs, wanted, quadratic, cross_entropy: crossEntropy } = costs;
      const [answer, meant] = [outputs, wanted].map((numbers) => numbers.indexOf(Math.max(...numbers)));
      rows.forEach((row, digit) => {
        const [a, y] = [outputs[digit], wanted[digit]];
        part(row, "bar").style.inlineSize = `${a * 100}%`;
        part(row, "wanted").style.insetInlineStart = `${y * 100}%`;
        row.classList.toggle("is-meant", digit === meant);
        fill(row, { y: String(y), square: fixed((a - y) ** 2), log: y === 0 ? "0" : numeral(crossEntropy) });
        row.querySelector(".is-quadratic [data-part=a]").textContent = fixed(a);
        row.querySelector(".is-cross-entropy [data-part=a]").textContent = precise(a);
      });
      fill(section, {
        digit: String(answer),
        sum: numeral(outputs.reduce((sum, a, digit) => sum + (a - wanted[digit]) ** 2, 0)),
        half: numeral(quadratic),
        meant: String(meant),
        right: precise(outputs[meant]),
        "minus-log": numeral(crossEntropy),
        quadratic: numeral(quadratic),
        cross_entropy: numeral(crossEntropy),
      });
    },
  };
}
