/** The table of runs. */

import { accuracy, short, when } from "./format.js";
import { settingsLine } from "./run-words.js";
import { copyOf } from "./template.js";

/**
 * @param {{table: HTMLTableElement, body: HTMLElement, empty: HTMLElement}} parts
 */
export function mountRunTable({ table, body, empty }) {
  let shown = "";

  /** @param {any[]} runs newest first */
  return function show(runs) {
    table.hidden = runs.length === 0;
    empty.hidden = runs.length > 0;
    const rows = runs.map(textsOf);
    // Rows that say the same are left alone, so that a link keeps its focus and a selection stays.
    if (JSON.stringify(rows) === shown) return;
    shown = JSON.stringify(rows);
    const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    body.replaceChildren(...runs.map((run, i) => rowOf(run, rows[i])));
    if (focused) body.querySelector(`[href="${focused}"]`)?.focus();
  };
}

function textsOf(run) {
  return {
    link: `Run ${run.id}`,
    settings: settingsLine(run.settings),
    status: run.published_as.length > 0 ? `${run.status}, serves as ${run.published_as.join(", ")}` : run.status,
    epochs: `${run.epoch} of ${run.settings.epochs}`,
    accuracy: accuracy(run.accuracy),
    cost: short(run.cost),
    when: when(run.created_at),
  };
}

function rowOf(run, texts) {
  const { element, part } = copyOf("run-row", texts);
  part("link").href = `runs/${run.id}`;
  part("status").dataset.status = run.status;
  return element;
}
