/** How many steps are due, so that a descent can be watched: so many a second, in even stretches. */

/** Steps a second. At the normal pace the usual 240 take half a minute. */
const SPEEDS = { slow: 4, normal: 8, fast: 40 };
const SHORTEST = 125;
// For whoever wants no motion the same pace in jumps.
const STILL = 1_000;
// A slow line is given longer stretches, but not ever longer ones: then the descent takes its time.
const MOST_STRETCHES = 3;

export class Pace {
  #rest = 0;
  /** @type {number | null} when it was last told what is due */
  #last = null;

  /**
   * @param {keyof typeof SPEEDS} speed
   * @param {boolean} isStill
   */
  constructor(speed, isStill) {
    this.perSecond = SPEEDS[speed];
    this.interval = isStill ? STILL : Math.max(SHORTEST, 1000 / this.perSecond);
  }

  /**
   * Steps that are to be taken now, at least one.
   *
   * @param {number} now in milliseconds
   */
  due(now) {
    const passed = this.#last === null ? this.interval : now - this.#last;
    this.#last = now;
    const exact = (Math.min(passed, MOST_STRETCHES * this.interval) * this.perSecond) / 1000 + this.#rest;
    const steps = Math.max(1, Math.floor(exact + 1e-6));
    this.#rest = Math.max(0, exact - steps);
    return steps;
  }

  /** Milliseconds until steps are due again. */
  pause(now) {
    return Math.max(0, (this.#last ?? now) + this.interval - now);
  }
}
