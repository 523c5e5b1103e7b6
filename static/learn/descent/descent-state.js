/** What the address of the lesson on descent holds: settings, place and view. */

// How many steps a descent has. It can be continued to the next length.
const LENGTHS = [240, 480, 960, 1_920];
export const MAX_LENGTH = LENGTHS.at(-1);
export const COURSE = { rate: 0.03, batch: 32, seed: 1, race: false, rateB: 0.3, batchB: 32, seedB: null };
export const PLACE = { step: 0, to: LENGTHS[0] };
export const VIEW = { axis: "steps", log: false, view: "change", of: "a" };
export const DEFAULTS = { ...COURSE, ...PLACE, ...VIEW, speed: "normal" };

/** @param {number} seed */
const isSeed = (seed) => Number.isInteger(seed) && seed >= 0;

/** @type {Record<string, (value: any) => boolean>} */
export const CHECKS = {
  seed: isSeed,
  seedB: (seed) => seed === null || isSeed(seed),
  step: (step) => Number.isInteger(step) && step >= 0 && step <= MAX_LENGTH,
  to: (to) => LENGTHS.includes(to),
};

/** @type {Record<string, typeof PLACE & Partial<typeof COURSE & typeof VIEW>>} */
export const RACES = {
  batch: raceOf({ rate: 0.03, batch: 0 }, { rate: 0.03, batch: 32 }),
  rate: raceOf({ rate: 0.03, batch: 32 }, { rate: 0.3, batch: 32 }),
  diverging: raceOf({ rate: 0.1, batch: 32 }, { rate: 1, batch: 32 }),
};

/**
 * A race from its start, in which both runs begin with the same random numbers.
 *
 * @param {{rate: number, batch: number}} a
 * @param {{rate: number, batch: number}} b
 */
function raceOf(a, b) {
  return { ...PLACE, ...a, rateB: b.rate, batchB: b.batch, race: true, seedB: null, axis: "steps", of: "a" };
}

/**
 * The shortest length with at least this many steps.
 *
 * @param {number} steps
 */
export function lengthFor(steps) {
  return LENGTHS.find((length) => length >= steps);
}
