/**
 * What there is to see of a run's network after a step, or now: its parameters, and its answers to some inputs. Both
 * are always of the same network. What was recorded never changes, so it is asked for once and kept.
 *
 * @typedef {number | "now"} Place a step that was recorded, or the newest there is
 * @typedef {{digit: number, confidence: number, probabilities: number[], activations: number[][]}} Answer
 * @typedef {object} Frame
 * @property {Place} place
 * @property {number} step
 * @property {import("./run-time-parameters.js").Parameters} parameters
 * @property {number[][]} inputs that were asked about
 * @property {Answer[]} answers one for each of the inputs
 */

import { post } from "../../page/api.js";
import { fetchParameters } from "./run-time-parameters.js";

// A run takes many steps between two questions: where they met two networks, both are asked anew.
const TRIES = 4;

export class Frames {
  #path;
  #shape;
  /** @type {Map<number, import("./run-time-parameters.js").Parameters>} */
  #recorded = new Map();
  /** @type {Map<number, Frame>} with the answers to the newest inputs that were asked about there */
  #frames = new Map();
  /** @type {import("./run-time-parameters.js").Parameters | null} */
  #newest = null;

  /**
   * @param {string} path of the run's checkpoints
   * @param {import("./run-time-parameters.js").Shape} shape
   */
  constructor(path, shape) {
    this.#path = path;
    this.#shape = shape;
  }

  /**
   * @param {Place} place
   * @param {number[][]} inputs the same array as before where they are the same inputs
   * @param {AbortSignal} signal
   * @returns {Promise<Frame>}
   */
  async frameAt(place, inputs, signal) {
    const kept = this.#frames.get(place);
    if (kept?.inputs === inputs) return kept;
    for (let tried = 1; ; tried++) {
      const told = inputs.length > 0 ? await post(`${this.#path}/${place}/answers`, { inputs }, signal) : null;
      const parameters = await this.#parametersAt(place, told?.step, signal);
      if (told && told.step !== parameters.step && tried < TRIES) continue;
      const frame = { place, step: parameters.step, parameters, inputs, answers: told?.answers ?? [] };
      if (place !== "now") this.#frames.set(place, frame);
      return frame;
    }
  }

  /** Those of the first step that was recorded: @param {number} step @param {AbortSignal} signal */
  parametersAt(step, signal) {
    return this.#parametersAt(step, step, signal);
  }

  async #parametersAt(place, step, signal) {
    const known = [this.#recorded.get(step), this.#newest].find((parameters) => parameters && parameters.step === step);
    if (known) return known;
    const parameters = await fetchParameters(`${this.#path}/${place}/parameters`, this.#shape, signal);
    if (place === "now") this.#newest = parameters;
    else this.#recorded.set(place, parameters);
    return parameters;
  }
}
