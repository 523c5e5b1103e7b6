/** The descents of a page. The same settings always give the same descent, so its costs are kept. */

import { DescentRun } from "./descent-run.js";

/** @typedef {import("./descent-run.js").Settings} Settings */

/** @type {Map<string, DescentRun>} */
const known = new Map();

/**
 * The descent of these settings, with all the costs that were fetched before.
 *
 * @param {Settings} settings
 */
export function runOf(settings) {
  return known.get(keyOf(settings)) ?? remember(new DescentRun(settings));
}

/**
 * The same descent from its first step, to watch it again.
 *
 * @param {DescentRun} run
 */
export function restarted({ settings, start }) {
  return remember(Object.assign(new DescentRun(settings), { start }));
}

/** @param {DescentRun} run */
function remember(run) {
  known.set(keyOf(run.settings), run);
  return run;
}

/** @param {Settings} settings */
function keyOf({ rate, batch, seed }) {
  return [rate, batch, seed].join();
}
