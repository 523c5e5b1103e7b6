/** The table of a comparison: the results of each run and its settings, with different settings marked. */

import { all } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { resultRows, runName, settingRows } from "./compare-words.js";

/**
 * @import {ComparedRun} from "./compare-run.js"
 * @import {Row} from "./compare-words.js"
 */

// Of a column, in rem.
const MIN_WIDTH = 9;
const MAX_WIDTH = 17;

/**
 * @param {HTMLTableElement} table with a head for each run, a body for the results and one for the settings
 * @param {HTMLElement} same shown when no setting differs
 * @param {ComparedRun[]} compared
 */
export function mountCompareTable(table, same, compared) {
  const [results, settings] = table.tBodies;
  let shown = "";

  table.style.minInlineSize = `${MIN_WIDTH * (compared.length + 1)}rem`;
  table.style.maxInlineSize = `${MAX_WIDTH * (compared.length + 1)}rem`;
  const links = all(table, "thead a");

  /**
   * @param {Row} row
   * @param {boolean} isMarked whether it is marked as different
   */
  function rowOf({ name, texts, best }, isMarked) {
    const { element } = copyOf("compare-row", { name });
    element.classList.toggle("compare-row-differs", isMarked);
    part(element, "differs").hidden = !isMarked;
    texts.forEach((text, i) => {
      const { element: cell } = copyOf("compare-cell", { text });
      part(cell, "best").hidden = i !== best;
      element.append(cell);
    });
    return element;
  }

  return {
    /** @param {boolean} onlyDifferences whether settings that are the same in all runs are left out */
    show(onlyDifferences) {
      const allRows = settingRows(compared);
      const rows = allRows.filter(({ differs }) => differs || !onlyDifferences);
      const found = resultRows(compared);
      same.hidden = allRows.some(({ differs }) => differs);
      const names = compared.map(({ run }) => runName(run));
      // An unchanged table is left alone, so that a selection stays.
      const now = JSON.stringify([names, found, rows]);
      if (now === shown) return;
      shown = now;
      links.forEach((link, i) => {
        link.textContent = names[i];
      });
      results.replaceChildren(results.rows[0], ...found.map((row) => rowOf(row, false)));
      settings.replaceChildren(settings.rows[0], ...rows.map((row) => rowOf(row, row.differs)));
    },
  };
}
