/**
 * The parameters of a run's network after a step, or now, and its answers to some inputs: both always of the same
 * network. Checkpoints never change, so each is fetched once and kept.
 *
 * @import {Parameters, Shape} from "./run-time-parameters.js"
 * @typedef {number | "now"} Place the step of a checkpoint, or the newest network
 * @typedef {{digit: number, confidence: number, probabilities: number[], activations: number[][]}} Answer
 *   of numbers that are not finite where those of the network are too large to compute with
 * @typedef {object} Frame
 * @property {Place} place
 * @property {number} step
 * @property {Parameters} parameters
 * @property {number[][]} inputs
 * @property {Answer[]} answers one for each of the inputs
 */

import { post } from "../../page/api.js";
import { fetchParameters } from "./run-time-parameters.js";

// The run may take steps between the two requests; then both are repeated.
const TRIES = 4;

export class Frames {
  #path;
  #shape;
  /** @type {Map<Place, Parameters>} */
  #recorded = new Map();
  /** @type {Map<Place, Frame>} with the answers to the newest inputs there */
  #frames = new Map();
  /** @type {Parameters | null} */
  #newest = null;

  /**
   * @param {string} path of the run's checkpoints
   * @param {Shape} shape
   */
  constructor(path, shape) {
    this.#path = path;
    this.#shape = shape;
  }

  /**
   * @param {Place} place
   * @param {number[][]} inputs the same array again if the inputs are the same
   * @param {AbortSignal} signal
   * @returns {Promise<Frame>}
   */
  async frameAt(place, inputs, signal) {
    const kept = this.#frames.get(place);
    if (kept?.inputs === inputs) return kept;
    for (let tried = 1; ; tried++) {
      /** @type {{step: number, answers: Answer[]} | null} */
      const answered = inputs.length > 0 ? await post(`${this.#path}/${place}/answers`, { inputs }, signal) : null;
      const parameters = await this.#parametersAt(place, answered?.step, signal);
      if (answered && answered.step !== parameters.step && tried < TRIES) continue;
      const frame = {
        place,
        step: parameters.step,
        parameters,
        inputs,
        answers: (answered?.answers ?? []).map(readAnswer),
      };
      if (place !== "now") this.#frames.set(place, frame);
      return frame;
    }
  }

  /** @param {number} step of a checkpoint @param {AbortSignal} signal */
  parametersAt(step, signal) {
    return this.#parametersAt(step, step, signal);
  }

  /**
   * @param {Place} place
   * @param {number | undefined} step that must be met, if known
   * @param {AbortSignal} signal
   */
  async #parametersAt(place, step, signal) {
    const known = step === undefined ? undefined : this.#recorded.get(step);
    if (known) return known;
    if (this.#newest && this.#newest.step === step) return this.#newest;
    const parameters = await fetchParameters(`${this.#path}/${place}/parameters`, this.#shape, signal);
    if (place === "now") this.#newest = parameters;
    else this.#recorded.set(place, parameters);
    return parameters;
  }
}

/**
 * JSON has no infinity, and the server sends null for it.
 *
 * @param {Answer} sent
 * @returns {Answer}
 */
export function readAnswer({ digit, confidence, probabilities, activations }) {
  const read = (/** @type {number | null} */ number) => number ?? NaN;
  return {
    digit,
    confidence: read(confidence),
    probabilities: probabilities.map(read),
    activations: activations.map((layer) => layer.map(read)),
  };
}
