/**
 * Prepared situations, each a state of the lesson. They were found by trying them on `classic` as shipped, over the
 * 1,000 images of the lessons:
 *
 * - 3.4.13 has the most curved cost of all parameters after the first layer: its slope changes by 0.578 per 1 of the
 *   value, so with a rate above 2 / 0.578 = 3.46 no ball stays at the bottom, where the cost is 0.0639.
 *   `small`: from 1.448, still 0.510 after 60 steps. `right`: 0.098 after one step, 0.0640 after 20.
 *   `large`: 0.065, 0.066, 0.067, 0.073, 0.121, 2.94, 15.7, ... and then always between 3 and 14.
 * - The made-up curve: `stuck` ends at 1.796; `rate` stays in the shallow valley for 11 steps and ends at 0; `start`
 *   ends at 0; `diverge` grows by a tenth with each step.
 * - Towards identical network 6 the cost is 0.064 at both ends and 1.51 between, at 0.54. `back` ends at -0.02, `over`
 *   at 0.98; `jump` goes from 0.7 to 1.29, and from there over the whole hill to -0.17.
 * - In random direction 1, `down` ends near 0; `out` climbs from 18 to 4,400 in 11 steps, then leaves the chart. None
 *   of 300 random directions had a second valley within 1.5 of the network, so there is none to show.
 */

/** @type {Record<string, Record<string, import("../../page/address-state.js").Value>>} */
export const SITUATIONS = {
  small: { curve: "parameter", pick: "3.4.13", at: -0.4, rate: 0.003 },
  right: { curve: "parameter", pick: "3.4.13", at: -0.4, rate: 0.3 },
  large: { curve: "parameter", pick: "3.4.13", at: 0.62, rate: 3.6 },
  stuck: { curve: "drawn", at: 3, rate: 0.1 },
  rate: { curve: "drawn", at: 3, rate: 0.5 },
  start: { curve: "drawn", at: -3, rate: 0.1 },
  diverge: { curve: "drawn", at: 3, rate: 2.1 },
  back: { curve: "twin", seed: 6, at: 0.45, rate: 0.03 },
  over: { curve: "twin", seed: 6, at: 0.58, rate: 0.03 },
  jump: { curve: "twin", seed: 6, at: 0.7, rate: 0.1 },
  down: { curve: "random", seed: 1, at: 0.5, rate: 0.003 },
  out: { curve: "random", seed: 1, at: 0.5, rate: 0.009 },
};
