/** One descent, as far as this page knows it: the costs of its steps, asked of the server a stretch at a time. */

import { post } from "../../page/api.js";

/**
 * @typedef {{rate: number, batch: number, seed: number}} Settings `batch` 0 is full batch
 * @typedef {object} Frame what there is to see after a step
 * @property {number} step
 * @property {number} cost on the measured images
 * @property {number} accuracy on them
 * @property {number} norm of the gradient over them
 * @property {number} seconds of computing up to here
 * @property {number[] | null} probabilities of the ten digits, for the input that was asked about
 * @property {number[] | null} weights 16 times 784, null when no pictures were asked for
 */

/** How many images it learns from, as long as the server has not told. */
const IMAGES = 4_000;
// Pictures are most of an answer: on a longer way than this they are asked for at its end.
const NEAR = 60;

export class DescentRun {
  /** @type {number[]} of each step's images, before it; the first is that of step 1 */
  costs = [];
  /** @type {number | null} the last step, of one that diverged */
  end = null;
  /** @type {Frame | null} before the first step, with pictures */
  start = null;
  images = IMAGES;
  /** @type {Frame | null} the last one with pictures */
  #pictured = null;
  #settings;
  #seconds = { step: 1, seconds: 0 };

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  get settings() {
    return this.#settings;
  }

  /** How many images its steps up to this one were about, some of them many times. */
  imagesSeen(step) {
    const perEpoch = Math.ceil(this.images / (this.#settings.batch || this.images));
    return Math.floor((step * this.images) / perEpoch);
  }

  /** About how long its steps up to this one take to compute. */
  secondsAt(step) {
    return (step * this.#seconds.seconds) / this.#seconds.step;
  }

  /**
   * What there is to see after a step, or after the last one of a descent that diverges before it.
   *
   * @param {number} step
   * @param {object} wish
   * @param {number[] | null} wish.input
   * @param {boolean} wish.pictures whether weights, and those of the start, are wanted
   * @param {AbortSignal} wish.signal
   * @param {() => void} wish.onWay called when there are more costs, but not yet all
   * @returns {Promise<Frame>}
   */
  async frameAt(step, { input, pictures, signal, onWay }) {
    if (pictures) this.start ??= await this.#ask(0, 0, { input: null, pictures, signal });
    for (;;) {
      const target = Math.min(step, this.end ?? step);
      const since = Math.min(this.costs.length, target);
      const weights = [this.start, this.#pictured].find((frame) => frame?.step === target)?.weights ?? null;
      const asksPictures = pictures && !weights && target - since <= NEAR;
      const frame = await this.#ask(since, target, { input, pictures: asksPictures, signal });
      if (frame.step === target) frame.weights ??= weights;
      if (frame.weights) this.#pictured = frame;
      const isThere = frame.step === Math.min(step, this.end ?? step);
      if (isThere && (frame.weights || !pictures)) return frame;
      onWay();
    }
  }

  /** @returns {Promise<Frame>} after the last step that the server came to */
  async #ask(since, until, { input, pictures, signal }) {
    const { rate, batch, seed } = this.#settings;
    const course = { learning_rate: rate, batch_size: batch || null, seed };
    const answer = await post("lessons/descent", { ...course, since, until, input, pictures });
    signal.throwIfAborted();
    const { step, costs, diverged, seconds } = answer;
    if (since === this.costs.length) this.costs.push(...costs);
    if (diverged) this.end = step;
    if (step >= this.#seconds.step) this.#seconds = { step, seconds };
    this.images = answer.images;
    return {
      ...{ step, seconds, cost: answer.cost, accuracy: answer.accuracy, norm: answer.gradient_norm },
      probabilities: answer.probabilities,
      weights: answer.first_weights?.flat() ?? null,
    };
  }
}
