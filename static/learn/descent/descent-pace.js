/** How many steps are due while a descent plays: a number of steps a second, at even intervals. */

/** Steps a second. At the normal speed the usual 240 steps take half a minute. */
const SPEEDS = { slow: 4, normal: 8, fast: 40 };
// Milliseconds between two stretches of steps, at least.
const MIN_INTERVAL = 125;
// With reduced motion, the same speed in larger jumps.
const REDUCED_MOTION_INTERVAL = 1_000;
// After a slow answer more steps are due, up to this many intervals: beyond that the descent takes longer instead.
const MAX_INTERVALS = 3;

export class Pace {
  #rest = 0;
  /** @type {number | null} when `due` was called last */
  #last = null;

  /**
   * @param {keyof typeof SPEEDS} speed
   * @param {boolean} isReduced whether the reader prefers reduced motion
   */
  constructor(speed, isReduced) {
    this.perSecond = SPEEDS[speed];
    this.interval = isReduced ? REDUCED_MOTION_INTERVAL : Math.max(MIN_INTERVAL, 1000 / this.perSecond);
  }

  /**
   * The number of steps to take now, at least one.
   *
   * @param {number} now in milliseconds
   */
  due(now) {
    const passed = this.#last === null ? this.interval : now - this.#last;
    this.#last = now;
    const exact = (Math.min(passed, MAX_INTERVALS * this.interval) * this.perSecond) / 1000 + this.#rest;
    const steps = Math.max(1, Math.floor(exact + 1e-6));
    this.#rest = Math.max(0, exact - steps);
    return steps;
  }

  /**
   * Milliseconds until steps are due again.
   *
   * @param {number} now in milliseconds
   */
  pause(now) {
    return Math.max(0, (this.#last ?? now) + this.interval - now);
  }
}
