/**
 * Prepared situations, each a state of the lesson. They were found by trying them on `classic` as shipped, over the
 * 1,000 images of the lessons:
 *
 * - 3.4.4 has the most curved cost of all weights after the first layer. The cost at the bottom is 0.0514.
 *   `small`: from 1.383, still 0.508 after 60 steps. `right`: 0.108 after three steps, 0.0519 after 20.
 * - The slope of 3.5.2 changes by 0.275 per 1 of the value, so with a rate above 2 / 0.275 = 7.3 no ball stays at the
 *   bottom. `large`: 0.054, 0.055, 0.056, 0.066, 0.075, 0.621, 9.01, ... and then always between 3.1 and 17.3. (On
 *   3.4.4, a ball that leaps out of the valley soon lands in it again.)
 * - The made-up curve: `stuck` ends at 1.796; `rate` stays in the shallow valley for 11 steps and ends at 0; `start`
 *   ends at 0; `diverge` grows by a tenth with each step.
 * - Towards identical network 6 the cost is 0.051 at both ends and 1.87 between, at 0.5. `back` ends at 0, `over` at
 *   1.01; `jump` goes from 0.7 to 1.48, and from there over the whole hill to 0.23.
 * - In random direction 1, `down` ends near 0; `out` climbs from 11 to 3,800 in 4 steps, then leaves the chart. None
 *   of 300 random directions had a second valley within 1.5 of the network, so there is none to show.
 */

/** @type {Record<string, Record<string, import("../../page/address-state.js").Value>>} */
export const SITUATIONS = {
  small: { curve: "parameter", pick: "3.4.4", at: -0.3, rate: 0.003 },
  right: { curve: "parameter", pick: "3.4.4", at: -0.3, rate: 0.1 },
  large: { curve: "parameter", pick: "3.5.2", at: 0.4, rate: 7.4 },
  stuck: { curve: "drawn", at: 3, rate: 0.1 },
  rate: { curve: "drawn", at: 3, rate: 0.5 },
  start: { curve: "drawn", at: -3, rate: 0.1 },
  diverge: { curve: "drawn", at: 3, rate: 2.1 },
  back: { curve: "twin", seed: 6, at: 0.45, rate: 0.03 },
  over: { curve: "twin", seed: 6, at: 0.58, rate: 0.03 },
  jump: { curve: "twin", seed: 6, at: 0.7, rate: 0.1 },
  down: { curve: "random", seed: 1, at: 0.5, rate: 0.003 },
  out: { curve: "random", seed: 1, at: 0.5, rate: 0.013 },
};
