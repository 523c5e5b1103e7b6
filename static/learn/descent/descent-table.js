/** The numbers of one descent or two, in the table in which they are set. */

import { duration, short, whole } from "../../page/format.js";

/** @type {Record<string, (run: import("./descent-run.js").DescentRun, frame: import("./descent-run.js").Frame) => string>} */
const CELLS = {
  cost: (run, { cost }) => short(cost),
  accuracy: (run, { accuracy }) => `${(accuracy * 100).toFixed(1)}%`,
  norm: (run, { norm }) => short(norm),
  images: (run, { step }) => whole(run.imagesSeen(step)),
  time: (run, { seconds }) => (seconds < 10 ? `${seconds.toFixed(2)} s` : duration(seconds)),
};

/** @param {HTMLTableElement} table with a cell for each number of each run, and [data-race] on what only a race has */
export function mountDescentTable(table) {
  const cells = Object.keys(CELLS).map((name) => [name, [...table.querySelectorAll(`[data-number=${name}]`)]]);

  return {
    /**
     * @param {import("./descent-run.js").DescentRun[]} runs
     * @param {import("./descent-run.js").Frame[]} frames
     */
    show(runs, frames) {
      for (const [name, places] of cells) {
        runs.forEach((run, i) => (places[i].textContent = CELLS[name](run, frames[i])));
      }
    },
    forget() {
      for (const [, places] of cells) for (const place of places) place.textContent = "–";
    },
  };
}
