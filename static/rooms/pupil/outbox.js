/**
 * Drawings on their way to the server, one at a time and oldest first. Each has a token, by which the server knows it
 * again: so one that is sent until an answer comes is added once.
 *
 * @typedef {{token: string, round?: number, label: number | null, strokes: number[][][]}} Sent
 * @typedef {"sending" | "unreachable" | "waiting" | "stopped"} State waiting: the server has asked to; stopped: the
 *   pupil may not send just now
 */

import { Problem, Unreachable } from "../../page/api.js";

const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;
const USUAL_WAIT = 5;

export class Outbox {
  #send;
  #kept;
  #listener;
  /** @type {Sent[]} */
  #drawings;
  #isBusy = false;
  #failures = 0;
  #timer = 0;

  /**
   * @param {(drawing: Sent) => Promise<any>} send
   * @param {{read: () => any, write: (value: unknown) => void}} kept
   * @param {object} listener
   * @param {(drawing: Sent, answer: any) => void} listener.onAnswer
   * @param {(drawing: Sent, error: Problem) => void} listener.onRefused it is not sent again
   * @param {(error: Problem) => void} listener.onStopped nothing is sent until `retry`
   * @param {(state: State, error?: Problem) => void} listener.onState
   */
  constructor(send, kept, listener) {
    this.#send = send;
    this.#kept = kept;
    this.#listener = listener;
    const before = kept.read();
    this.#drawings = Array.isArray(before) ? before : [];
  }

  get drawings() {
    return this.#drawings;
  }

  /** @param {Sent} drawing */
  add(drawing) {
    this.#keep([...this.#drawings, drawing]);
    if (this.#timer === 0) this.retry();
  }

  /** Sends at once what waits, for example when the browser is online again. */
  async retry() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
    try {
      while (this.#drawings.length > 0 && this.#timer === 0) {
        this.#listener.onState("sending");
        if (!(await this.#sendFirst())) break;
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** As `retry`, unless the server has asked to wait. */
  retryUnreachable() {
    if (this.#failures > 0) this.retry();
  }

  /** @returns {Promise<boolean>} whether to go on with the next one */
  async #sendFirst() {
    const [drawing] = this.#drawings;
    try {
      const answer = await this.#send(drawing);
      this.#done();
      this.#listener.onAnswer(drawing, answer);
      return true;
    } catch (error) {
      return this.#failed(drawing, error);
    }
  }

  /** @param {Sent} drawing @param {unknown} error */
  #failed(drawing, error) {
    if (error instanceof Unreachable || (error instanceof Problem && error.status >= 500)) {
      this.#retryIn(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#failures++));
      this.#listener.onState("unreachable");
    } else if (!(error instanceof Problem)) throw error;
    else if (error.status === 429) {
      this.#retryIn((error.retryAfter || USUAL_WAIT) * 1_000);
      this.#listener.onState("waiting", error);
    } else if ([401, 403, 404].includes(error.status)) {
      this.#listener.onState("stopped");
      this.#listener.onStopped(error);
    } else {
      this.#done();
      this.#listener.onRefused(drawing, error);
      return true;
    }
    return false;
  }

  #done() {
    this.#failures = 0;
    this.#keep(this.#drawings.slice(1));
  }

  /** @param {number} milliseconds */
  #retryIn(milliseconds) {
    this.#timer = setTimeout(() => this.retry(), milliseconds);
  }

  /** @param {Sent[]} drawings */
  #keep(drawings) {
    this.#drawings = drawings;
    this.#kept.write(drawings);
  }
}
