/**
 * When to look again at a network that keeps learning: after news, but about once a second at most, never while a look
 * is under way, and more seldom where looking takes long.
 */

const PAUSE = 1_000;
// Of the time that a look takes: a slow line, or a large network, is to stay free for other things.
const REST = 4;

export class Looks {
  #look;
  #timer = 0;
  #hasNews = false;
  #isBusy = false;
  #startedAt = -Infinity;
  #pause = PAUSE;

  /** @param {() => void} look is to call `ended` in the end */
  constructor(look) {
    this.#look = look;
  }

  /** There is something new to see. */
  news() {
    this.#hasNews = true;
    this.#plan();
  }

  /** A look has begun, for whatever reason. */
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
    this.#pause = Math.max(PAUSE, REST * (performance.now() - this.#startedAt));
    if (this.#hasNews) this.#plan();
  }

  #plan() {
    if (this.#isBusy || this.#timer) return;
    this.#timer = setTimeout(this.#look, Math.max(0, this.#startedAt + this.#pause - performance.now()));
  }
}
