/** The table of a sweep's runs, sorted by any column. */

import { all, one } from "../../page/elements.js";
import { accuracy, short } from "../../page/format.js";
import { part } from "../../page/part.js";
import { sorted } from "../../page/sorted.js";
import { copyOf } from "../../page/template.js";
import { replaceRows } from "./replaced-rows.js";
import { fieldLabel, valueText } from "./sweep-words.js";

/**
 * @import {Setting, SweepRun} from "../types.js"
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {boolean} isNumber
 * @property {(run: SweepRun) => Setting} value
 * @property {(run: SweepRun) => string} text
 */

/**
 * @param {string[]} fields the settings that vary
 * @returns {Column[]}
 */
function columnsOf(fields) {
  /** @param {string} field @returns {Column} */
  const setting = (field) => {
    const of = (/** @type {SweepRun} */ run) => run.settings[/** @type {keyof SweepRun["settings"]} */ (field)] ?? null;
    return {
      key: field,
      label: fieldLabel(field),
      isNumber: ["learning_rate", "batch_size", "epochs", "seed", "weight_decay"].includes(field),
      // A full batch is the largest.
      value: (run) => (field === "batch_size" ? (of(run) ?? Infinity) : of(run)),
      text: (run) => valueText(field, of(run)),
    };
  };
  /**
   * @param {"accuracy" | "cost" | "test_accuracy" | "epoch"} key
   * @param {string} label
   * @param {(run: SweepRun) => string} text
   * @returns {Column}
   */
  const result = (key, label, text) => ({ key, label, isNumber: true, value: (run) => run[key], text });
  return [
    { key: "id", label: "Run", isNumber: false, value: (run) => run.id, text: (run) => `Run ${run.id}` },
    result("accuracy", "Accuracy", (run) => accuracy(run.accuracy)),
    ...fields.map(setting),
    result("cost", "Cost", (run) => short(run.cost)),
    result("test_accuracy", "On test images", (run) => accuracy(run.test_accuracy)),
    result("epoch", "Epoch", (run) => `${run.epoch} of ${run.epochs}`),
    { key: "status", label: "Status", isNumber: false, value: (run) => run.status, text: (run) => run.status },
  ];
}

/**
 * @param {HTMLTableElement} table
 * @param {string[]} fields
 * @param {{onPoint: (id: number | null) => void, onSort: () => void, onPick: (picked: Set<number>) => void}} listener
 */
export function mountSweepTable(table, fields, { onPoint, onSort, onPick }) {
  const columns = columnsOf(fields);
  const head = one(table, "thead tr");
  const body = table.tBodies[0];
  let by = columns[1];
  let isFalling = true;
  let shown = "";
  /** @type {Set<number>} */
  const picked = new Set();

  const heads = columns.map((column) => {
    const { element } = copyOf("sweep-column", { sort: column.label });
    element.classList.toggle("number", column.isNumber);
    part(element, "sort").addEventListener("click", () => {
      // Results start with the best, settings with the smallest.
      isFalling = by === column ? !isFalling : ["accuracy", "test_accuracy", "epoch"].includes(column.key);
      by = column;
      onSort();
    });
    head.append(element);
    return element;
  });

  /**
   * @param {SweepRun} run
   * @param {boolean} isBest
   */
  function rowOf(run, isBest) {
    const { element } = copyOf("sweep-row", { link: `Run ${run.id}`, pickLabel: `Choose run ${run.id}` });
    const box = part(element, "pick", HTMLInputElement);
    box.checked = picked.has(run.id);
    box.addEventListener("change", () => {
      if (box.checked) picked.add(run.id);
      else picked.delete(run.id);
      onPick(picked);
    });
    part(element, "link", HTMLAnchorElement).href = `runs/${run.id}`;
    part(element, "best").hidden = !isBest;
    element.dataset.run = String(run.id);
    element.classList.toggle("sweep-row-is-best", isBest);
    for (const column of columns.slice(1)) {
      const isStatus = column.key === "status";
      const { element: cell } = isStatus
        ? copyOf("sweep-status", { status: run.status })
        : copyOf("sweep-cell", { text: column.text(run) });
      if (isStatus) part(cell, "status").dataset.status = run.status;
      cell.classList.toggle("number", column.isNumber);
      element.append(cell);
    }
    return element;
  }

  /** @param {EventTarget | null} target */
  function idAt(target) {
    /** @type {HTMLElement | null} */
    const row = target instanceof Element ? target.closest("tr[data-run]") : null;
    return row ? Number(row.dataset.run) : null;
  }
  for (const type of ["pointerover", "focusin"]) body.addEventListener(type, (event) => onPoint(idAt(event.target)));
  for (const type of ["pointerleave", "focusout"]) body.addEventListener(type, () => onPoint(null));

  return {
    /**
     * @param {SweepRun[]} runs
     * @param {number | null} bestId
     * @param {(run: SweepRun) => boolean} isFaint
     * @returns {SweepRun[]} sorted
     */
    show(runs, bestId, isFaint) {
      const inOrder = sorted(runs, by.value, isFalling);
      heads.forEach((element, i) => {
        if (columns[i] === by) element.setAttribute("aria-sort", isFalling ? "descending" : "ascending");
        else element.removeAttribute("aria-sort");
      });
      // Unchanged rows are left alone, so that a selection stays.
      const texts = JSON.stringify([bestId, inOrder.map((run) => columns.map(({ text }) => text(run)))]);
      if (texts !== shown)
        replaceRows(
          body,
          inOrder.map((run) => rowOf(run, run.id === bestId)),
        );
      shown = texts;
      for (const [i, run] of inOrder.entries()) body.rows[i].classList.toggle("sweep-row-is-faint", isFaint(run));
      return inOrder;
    },
    pickNone() {
      picked.clear();
      for (const box of all(body, "input", HTMLInputElement)) box.checked = false;
      onPick(picked);
    },
    /** @param {number | null} id of the run to highlight */
    point(id) {
      for (const row of body.rows) row.classList.toggle("sweep-row-is-pointed", Number(row.dataset.run) === id);
    },
  };
}
