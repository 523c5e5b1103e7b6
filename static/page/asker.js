/**
 * Asks about a thing that keeps changing, and tells only what is still true of it: the newest question wins, an
 * answer to an older one is dropped, and when no answer comes it asks again by itself.
 *
 * While the thing is unsettled (a stroke under way) one question at a time is on its way, so that a slow line still
 * brings answers between; a settled one overtakes whatever is on its way.
 *
 * @typedef {{kind: "answered", answer: any} | {kind: "refused", detail: string} | {kind: "unreachable"}} Outcome
 */

import { Problem } from "./api.js";

// Milliseconds between two questions while a stroke is under way. 30 answers a second look like motion; what comes
// between two questions takes the rest.
const PACE = 25;
const FIRST_RETRY = 500;
const LAST_RETRY = 8_000;

export class Asker {
  #fetch;
  #tell;
  #question = null;
  /** @type {AbortController | null} the question on its way */
  #flight = null;
  #overtaken = false;
  #failures = 0;
  #timer = 0;
  #sentAt = -PACE;

  /**
   * @param {(question: any, signal: AbortSignal) => Promise<any>} fetch
   * @param {(outcome: Outcome) => void} tell
   */
  constructor(fetch, tell) {
    this.#fetch = fetch;
    this.#tell = tell;
  }

  /**
   * @param {any} question
   * @param {boolean} settled
   */
  ask(question, settled) {
    this.#question = question;
    if (settled) this.#send();
    else if (this.#flight) this.#overtaken = true;
    else if (!this.#timer || this.#failures > 0) this.#sendAtPace();
  }

  /** There is nothing to ask any more; an answer on its way is dropped. */
  forget() {
    this.#question = null;
    this.#failures = 0;
    this.#cancel();
  }

  /** Asks again at once after a failure, for when there is reason to hope. */
  retry() {
    if (this.#question !== null && this.#failures > 0) this.#send();
  }

  #cancel() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#flight?.abort();
    this.#flight = null;
    this.#overtaken = false;
  }

  #sendAtPace() {
    this.#sendIn(this.#sentAt + PACE - performance.now());
  }

  /** @param {number} milliseconds */
  #sendIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), milliseconds);
  }

  async #send() {
    this.#cancel();
    const flight = new AbortController();
    this.#flight = flight;
    this.#sentAt = performance.now();
    const outcome = await this.#outcome(this.#question, flight.signal);
    if (flight !== this.#flight) return;
    this.#flight = null;
    this.#failures = outcome.kind === "unreachable" ? this.#failures + 1 : 0;
    if (this.#failures > 0) this.#sendIn(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (this.#failures - 1)));
    else if (this.#overtaken) this.#sendAtPace();
    this.#tell(outcome);
  }

  /**
   * @param {any} question
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async #outcome(question, signal) {
    try {
      return { kind: "answered", answer: await this.#fetch(question, signal) };
    } catch (error) {
      const isFinal = error instanceof Problem && error.status < 500 && error.status !== 429;
      return isFinal ? { kind: "refused", detail: error.detail } : { kind: "unreachable" };
    }
  }
}
