/** One descent: the costs of its steps, which the server sends a stretch at a time. */

import { post } from "../../page/api.js";

/**
 * @typedef {{rate: number, batch: number, seed: number}} Settings `batch` 0 is full batch
 * @typedef {object} Frame the network after a step
 * @property {number} step
 * @property {number} cost on the measured images
 * @property {number} accuracy on them
 * @property {number} norm of the gradient over them
 * @property {number} seconds of computing up to here
 * @property {number[] | null} probabilities of the ten digits for the input in question
 * @property {number[] | null} weights 16 times 784, null when no pictures were requested
 */

/** How many images it learns from, until the server has said. */
const IMAGES = 4_000;
// Pictures are most of an answer. When more steps than this are missing, only the last request asks for them.
const MAX_PICTURED_STEPS = 60;

export class DescentRun {
  /** @type {number[]} the cost of each step's own images, before the step; the first belongs to step 1 */
  costs = [];
  /** @type {number | null} the last step of a descent that diverged */
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

  /**
   * How many images it has seen up to this step, counting an image each time.
   *
   * @param {number} step
   */
  imagesSeen(step) {
    const perEpoch = Math.ceil(this.images / (this.#settings.batch || this.images));
    return Math.floor((step * this.images) / perEpoch);
  }

  /**
   * Roughly how many seconds of computing it takes up to this step.
   *
   * @param {number} step
   */
  secondsAt(step) {
    return (step * this.#seconds.seconds) / this.#seconds.step;
  }

  /**
   * The frame after a step, or after the last step of a descent that diverges earlier.
   *
   * @param {number} step
   * @param {object} options
   * @param {number[] | null} options.input
   * @param {boolean} options.pictures whether to fetch weights, those of the start too
   * @param {AbortSignal} options.signal
   * @param {() => void} options.onProgress called when some, but not yet all, costs have arrived
   * @returns {Promise<Frame>}
   */
  async frameAt(step, { input, pictures, signal, onProgress }) {
    if (pictures) this.start ??= await this.#fetch(0, 0, { input: null, pictures, signal });
    for (;;) {
      const target = Math.min(step, this.end ?? step);
      const since = Math.min(this.costs.length, target);
      const weights = [this.start, this.#pictured].find((frame) => frame?.step === target)?.weights ?? null;
      const needsPictures = pictures && !weights && target - since <= MAX_PICTURED_STEPS;
      const frame = await this.#fetch(since, target, { input, pictures: needsPictures, signal });
      if (frame.step === target) frame.weights ??= weights;
      if (frame.weights) this.#pictured = frame;
      const isComplete = frame.step === Math.min(step, this.end ?? step);
      if (isComplete && (frame.weights || !pictures)) return frame;
      onProgress();
    }
  }

  /**
   * @param {number} since
   * @param {number} until
   * @param {{input: number[] | null, pictures: boolean, signal: AbortSignal}} options
   * @returns {Promise<Frame>} after the last step that the server has reached, `until` or earlier
   */
  async #fetch(since, until, { input, pictures, signal }) {
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
