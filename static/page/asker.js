/**
 * Asks about something that keeps changing: the newest question wins, the answer to an older one is dropped, and when
 * no answer comes it asks again.
 *
 * While the subject is unsettled (a stroke is being drawn) one question at a time is on its way, so that a slow
 * connection still brings answers in between. A settled question replaces the one on its way.
 *
 * @typedef {{kind: "answered", answer: any} | {kind: "refused", detail: string} | {kind: "unreachable"}} Outcome
 */

import { Problem, Unreachable } from "./api.js";

// Milliseconds between two questions while a stroke is being drawn: together with the time of an answer about 30 a
// second, which looks like motion.
const PACE = 25;
const FIRST_RETRY = 500;
const MAX_RETRY = 8_000;
const BROWSER_FAILED = "Something failed in this browser. Reload the page; if that doesn't help, use another browser.";

export class Asker {
  #fetch;
  #onOutcome;
  #question = null;
  /** @type {AbortController | null} the question on its way */
  #flight = null;
  #overtaken = false;
  #failures = 0;
  #timer = 0;
  #sentAt = -PACE;

  /**
   * @param {(question: any, signal: AbortSignal) => Promise<any>} fetch
   * @param {(outcome: Outcome) => void} onOutcome
   */
  constructor(fetch, onOutcome) {
    this.#fetch = fetch;
    this.#onOutcome = onOutcome;
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

  /** Stops asking; an answer on its way is dropped. */
  forget() {
    this.#question = null;
    this.#failures = 0;
    this.#cancel();
  }

  /** Asks again at once after a failure, for example when the browser is online again. */
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
    if (this.#failures > 0) this.#sendIn(Math.min(MAX_RETRY, FIRST_RETRY * 2 ** (this.#failures - 1)));
    else if (this.#overtaken) this.#sendAtPace();
    this.#onOutcome(outcome);
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
      if (error instanceof Unreachable || error.status >= 500) return { kind: "unreachable" };
      if (error instanceof Problem) return { kind: "refused", detail: error.detail };
      // Asking again would only bring the same error.
      if (!signal.aborted) console.error(error);
      return { kind: "refused", detail: BROWSER_FAILED };
    }
  }
}
