/**
 * When to fetch a network that keeps learning: after news, at most once a second, one request at a time, and less often
 * if a request takes long.
 */

const PAUSE = 1_000;
// From one request to the next, it takes at least this many times the time of a request, so that a slow connection stays
// free, but a connection that was slow once rests no longer than this.
const REST = 4;
const LONGEST_REST = 5_000;

export class Looks {
  #look;
  #timer = 0;
  #hasNews = false;
  #isBusy = false;
  #startedAt = -Infinity;
  #pause = PAUSE;

  /** @param {() => void} look calls `began`, and `ended` when it is done */
  constructor(look) {
    this.#look = look;
  }

  /** The network has changed. */
  news() {
    this.#hasNews = true;
    this.#plan();
  }

  began() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#hasNews = false;
    this.#isBusy = true;
    this.#startedAt = performance.now();
  }

  ended() {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    const took = performance.now() - this.#startedAt;
    this.#pause = Math.max(PAUSE, Math.min(REST * took, took + LONGEST_REST));
    if (this.#hasNews) this.#plan();
  }

  #plan() {
    if (this.#isBusy || this.#timer) return;
    this.#timer = setTimeout(this.#look, Math.max(0, this.#startedAt + this.#pause - performance.now()));
  }
}
