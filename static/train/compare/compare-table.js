/** The table of a comparison: what came of each run, and its settings, with those marked in which they differ. */

import { copyOf } from "../../page/template.js";
import { resultRows, runName, settingRows } from "./compare-words.js";

// Of a column, in rem.
const LEAST_WIDTH = 9;
const MOST_WIDTH = 17;

/**
 * @param {HTMLTableElement} table with a head for each run, a body for the results and one for the settings
 * @param {HTMLElement} same told when no setting differs
 * @param {import("./compare-run.js").ComparedRun[]} compared
 */
export function mountCompareTable(table, same, compared) {
  const [results, settings] = table.tBodies;
  let shown = "";

  table.style.minInlineSize = `${LEAST_WIDTH * (compared.length + 1)}rem`;
  table.style.maxInlineSize = `${MOST_WIDTH * (compared.length + 1)}rem`;
  const links = [...table.tHead.querySelectorAll("a")];

  function rowOf({ name, texts, differs, best }, isSetting) {
    const { element, part } = copyOf("compare-row", { name });
    element.classList.toggle("compare-row-differs", isSetting && differs);
    part("differs").hidden = !isSetting || !differs;
    texts.forEach((text, i) => {
      const cell = copyOf("compare-cell", { text });
      cell.part("best").hidden = i !== best;
      element.append(cell.element);
    });
    return element;
  }

  return {
    /** @param {boolean} onlyDifferences whether settings that are the same in all are left out */
    show(onlyDifferences) {
      const all = settingRows(compared);
      const rows = all.filter(({ differs }) => differs || !onlyDifferences);
      const found = resultRows(compared);
      same.hidden = all.some(({ differs }) => differs);
      const names = compared.map(({ run }) => runName(run));
      // What says the same is left alone, so that a selection stays.
      const now = JSON.stringify([names, found, rows]);
      if (now === shown) return;
      shown = now;
      links.forEach((link, i) => {
        link.textContent = names[i];
      });
      for (const [body, content, isSetting] of [
        [results, found, false],
        [settings, rows, true],
      ]) {
        body.replaceChildren(body.rows[0], ...content.map((row) => rowOf(row, isSetting)));
      }
    },
  };
}
