/** The numbers of one descent or two, in the table that also has their settings. */

import { duration, short, whole } from "../../page/format.js";

/**
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {import("./descent-run.js").Frame} Frame
 */

/** @type {Record<string, (frame: Frame, run: DescentRun) => string>} */
const CELLS = {
  cost: ({ cost }) => short(cost),
  accuracy: ({ accuracy }) => `${(accuracy * 100).toFixed(1)}%`,
  norm: ({ norm }) => short(norm),
  images: ({ step }, run) => whole(run.imagesSeen(step)),
  time: ({ seconds }) => (seconds < 10 ? `${seconds.toFixed(2)} s` : duration(seconds)),
};

/** @param {HTMLTableElement} table with a cell [data-number] for each number of each run */
export function mountDescentTable(table) {
  const rows = Object.entries(CELLS).map(([name, textOf]) => ({
    textOf,
    cells: [...table.querySelectorAll(`[data-number=${name}]`)],
  }));

  return {
    /**
     * @param {DescentRun[]} runs
     * @param {Frame[]} frames
     */
    show(runs, frames) {
      for (const { textOf, cells } of rows) {
        for (const [i, run] of runs.entries()) cells[i].textContent = textOf(frames[i], run);
      }
    },
    clear() {
      for (const cell of rows.flatMap(({ cells }) => cells)) cell.textContent = "–";
    },
  };
}
