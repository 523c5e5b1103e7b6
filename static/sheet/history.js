/** The history for undo and redo. States are immutable. */

/** @template State */
export class History {
  /** @type {State[]} */
  #past = [];
  /** @type {State[]} */
  #future = [];
  #now;

  /** @param {State} first */
  constructor(first) {
    this.#now = first;
  }

  /** @returns {State} */
  get now() {
    return this.#now;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {State} state */
  push(state) {
    this.#past.push(this.#now);
    this.#now = state;
    this.#future = [];
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /**
   * @param {State[]} from
   * @param {State[]} to
   */
  #step(from, to) {
    const next = from.pop();
    if (next === undefined) return;
    to.push(this.#now);
    this.#now = next;
  }
}
