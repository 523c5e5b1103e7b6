/** The table of a sweep's runs, sorted by any column. */

import { accuracy, short } from "../../page/format.js";
import { sorted } from "../../page/sorted.js";
import { copyOf } from "../../page/template.js";
import { fieldLabel, valueText } from "./sweep-words.js";

/**
 * @typedef {{key: string, label: string, isNumber: boolean, value: (run: any) => any, text: (run: any) => string}} Column
 */

/**
 * @param {string[]} fields the settings that vary
 * @returns {Column[]}
 */
function columnsOf(fields) {
  const of = (run, field) => run.settings[field];
  const settings = fields.map((field) => ({
    key: field,
    label: fieldLabel(field),
    isNumber: ["learning_rate", "batch_size", "epochs", "seed", "weight_decay"].includes(field),
    // Full batch is the largest there is.
    value: (run) => (field === "batch_size" ? (of(run, field) ?? Infinity) : of(run, field)),
    text: (run) => valueText(field, of(run, field)),
  }));
  const result = (key, label, text) => ({ key, label, isNumber: true, value: (run) => run[key], text });
  return [
    { key: "id", label: "Run", isNumber: false, value: (run) => run.id, text: (run) => `Run ${run.id}` },
    result("accuracy", "Accuracy", (run) => accuracy(run.accuracy)),
    ...settings,
    result("cost", "Cost", (run) => short(run.cost)),
    result("test_accuracy", "On test images", (run) => accuracy(run.test_accuracy)),
    result("epoch", "Epoch", (run) => `${run.epoch} of ${run.epochs}`),
    { key: "status", label: "Status", isNumber: false, value: (run) => run.status, text: (run) => run.status },
  ];
}

/**
 * @param {HTMLTableElement} table
 * @param {string[]} fields
 * @param {{onPoint: (id: number | null) => void, onSort: () => void}} listener
 */
export function mountSweepTable(table, fields, { onPoint, onSort }) {
  const columns = columnsOf(fields);
  const [head, body] = [table.tHead.rows[0], table.tBodies[0]];
  let by = columns.find(({ key }) => key === "accuracy");
  let isFalling = true;
  let shown = "";

  const heads = columns.map((column) => {
    const { element, part } = copyOf("sweep-column", { sort: column.label });
    element.classList.toggle("number", column.isNumber);
    part("sort").addEventListener("click", () => {
      // Of results the best first; of settings the smallest.
      isFalling = by === column ? !isFalling : ["accuracy", "test_accuracy", "epoch"].includes(column.key);
      by = column;
      onSort();
    });
    head.append(element);
    return element;
  });

  function rowOf(run, isBest) {
    const { element, part } = copyOf("sweep-row", { link: `Run ${run.id}` });
    part("link").href = `runs/${run.id}`;
    part("best").hidden = !isBest;
    element.dataset.run = run.id;
    element.classList.toggle("sweep-row-is-best", isBest);
    for (const column of columns.slice(1)) {
      const kind = column.key === "status" ? "status" : "text";
      const cell = copyOf(`sweep-${kind === "status" ? "status" : "cell"}`, { [kind]: column.text(run) });
      if (kind === "status") cell.part("status").dataset.status = run.status;
      cell.element.classList.toggle("number", column.isNumber);
      element.append(cell.element);
    }
    return element;
  }

  const idAt = (target) => Number(target.closest?.("tr[data-run]")?.dataset.run) || null;
  for (const type of ["pointerover", "focusin"]) body.addEventListener(type, (event) => onPoint(idAt(event.target)));
  for (const type of ["pointerleave", "focusout"]) body.addEventListener(type, () => onPoint(null));

  return {
    /**
     * @param {any[]} runs
     * @param {number | null} bestId
     * @param {(run: any) => boolean} isFaint
     * @returns {any[]} as they are sorted
     */
    show(runs, bestId, isFaint) {
      const inOrder = sorted(runs, by.value, isFalling);
      heads.forEach((element, i) => {
        if (columns[i] === by) element.setAttribute("aria-sort", isFalling ? "descending" : "ascending");
        else element.removeAttribute("aria-sort");
      });
      // Rows that say the same are left alone, so that a link keeps its focus and a selection stays.
      const texts = JSON.stringify([bestId, inOrder.map((run) => columns.map(({ text }) => text(run)))]);
      if (texts !== shown) {
        const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        body.replaceChildren(...inOrder.map((run) => rowOf(run, run.id === bestId)));
        if (focused) body.querySelector(`[href="${focused}"]`)?.focus();
        shown = texts;
      }
      inOrder.forEach((run, i) => body.rows[i].classList.toggle("sweep-row-is-faint", isFaint(run)));
      return inOrder;
    },
    /** @param {number | null} id of the run to stand out */
    point(id) {
      for (const row of body.rows) row.classList.toggle("sweep-row-is-pointed", Number(row.dataset.run) === id);
    },
  };
}
