/**
 * Prepared situations, each a state of the lesson. They were found by trying them on `classic` as shipped, over the
 * 1,000 images of the lessons:
 *
 * - 3.9.4 has the most curved cost of all parameters after the first layer: its slope changes by 1.25 per 1 of the
 *   value, so with a rate above 2 / 1.25 = 1.6 no ball stays at the bottom, where the cost is 0.0508.
 *   `small`: from 1.850, still 0.645 after 60 steps. `right`: 0.094 after three steps, 0.0509 after 20.
 *   `large`: 0.052, 0.053, 0.055, 0.057, 0.079, 0.342, 7.89, ... and then always between 3.4 and 8.
 * - The made-up curve: `stuck` ends at 1.796; `rate` stays in the shallow valley for 11 steps and ends at 0; `start`
 *   ends at 0; `diverge` grows by a tenth with each step.
 * - Towards identical network 6 the cost is 0.051 at both ends and 1.30 between, at 0.52. `back` ends at 0, `over` at
 *   1.01; `jump` goes from 0.7 to 1.42, and from there over the whole hill to 0.04.
 * - In random direction 1, `down` ends near 0; `out` climbs from 18 to 1,000 in 7 steps, then leaves the chart. None
 *   of 300 random directions had a second valley within 1.5 of the network, so there is none to show.
 */

/** @type {Record<string, Record<string, import("../../page/address-state.js").Value>>} */
export const SITUATIONS = {
  small: { curve: "parameter", pick: "3.9.4", at: -0.3, rate: 0.003 },
  right: { curve: "parameter", pick: "3.9.4", at: -0.3, rate: 0.1 },
  large: { curve: "parameter", pick: "3.9.4", at: 0.71, rate: 1.9 },
  stuck: { curve: "drawn", at: 3, rate: 0.1 },
  rate: { curve: "drawn", at: 3, rate: 0.5 },
  start: { curve: "drawn", at: -3, rate: 0.1 },
  diverge: { curve: "drawn", at: 3, rate: 2.1 },
  back: { curve: "twin", seed: 6, at: 0.45, rate: 0.03 },
  over: { curve: "twin", seed: 6, at: 0.58, rate: 0.03 },
  jump: { curve: "twin", seed: 6, at: 0.7, rate: 0.14 },
  down: { curve: "random", seed: 1, at: 0.5, rate: 0.003 },
  out: { curve: "random", seed: 1, at: 0.5, rate: 0.012 },
};
