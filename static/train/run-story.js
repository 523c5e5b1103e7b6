/**
 * A run by its events so far: its costs, epochs and changes, the step it has reached, and how long it will take.
 *
 * @import {Key} from "./figures.js"
 * @import {EpochEvent} from "./types.js"
 * @typedef {{x: number, y: number}} Point
 * @typedef {EpochEvent & {step: number, steps: number}} Epoch `step` ended it; its `seconds` are those of `steps` steps
 * @typedef {{type: "rate" | "pause" | "go-on" | "resume", step: number, rate?: number}} Change go-on: after a pause;
 *   resume: after the run had stopped
 */

/**
 * A figure of those epochs that have it.
 *
 * @param {Epoch[]} epochs
 * @param {Key} key
 * @param {"epoch" | "step"} along
 * @returns {Point[]}
 */
export function pointsOfEpochs(epochs, key, along) {
  return epochs.flatMap((epoch) => {
    const y = epoch[key];
    return y === undefined ? [] : [{ x: epoch[along], y }];
  });
}

// The first epoch is slower than the later ones, while the process warms up.
const RECENT = 5;

export class RunStory {
  /** @type {Point[]} the cost of the batch (y) at each step (x) */
  costs = [];
  /** @type {Epoch[]} */
  epochs = [];
  /** @type {Change[]} */
  changes = [];
  step = 0;
  /** The epoch of the last step, from 1 on. */
  epoch = 0;
  #plannedSteps;
  /** The step where the clock of the current epoch started: after a resume, in the middle of the epoch. */
  #began = 0;

  /** @param {number} plannedSteps */
  constructor(plannedSteps) {
    this.#plannedSteps = plannedSteps;
  }

  /**
   * @param {string} type of the event; other types than those below are ignored
   * @param {any} data
   */
  add(type, data) {
    if (type === "cost") {
      this.costs.push({ x: data.step, y: data.cost });
      this.step = data.step;
      this.epoch = data.epoch;
    } else if (type === "epoch") {
      // The cost of an epoch's last step came just before.
      this.epochs.push({ ...data, step: this.step, steps: this.step - this.#began });
      this.#began = this.step;
    } else if (type === "rate") this.changes.push({ type, step: data.step, rate: data.learning_rate });
    else if (type === "pause") this.changes.push({ type, step: data.step });
    else if (type === "resume") this.#resume(data.step);
  }

  /** The cost on the images held out (y) at the step that ended each epoch (x). */
  get heldOutCosts() {
    return this.epochs.map(({ step, cost }) => ({ x: step, y: cost }));
  }

  /**
   * A figure (y) after each epoch (x).
   *
   * @param {Key} key
   * @returns {Point[]}
   */
  figures(key) {
    return pointsOfEpochs(this.epochs, key, "epoch");
  }

  /** The share of the planned steps that is done, in 0..1. */
  get share() {
    return Math.min(1, this.step / this.#plannedSteps);
  }

  /** Seconds until the last step, without pauses; null before the first epoch has ended. */
  get secondsLeft() {
    const recent = this.epochs.slice(-RECENT);
    const steps = recent.reduce((sum, epoch) => sum + epoch.steps, 0);
    if (steps <= 0) return null;
    const seconds = recent.reduce((sum, epoch) => sum + epoch.seconds, 0);
    return (seconds / steps) * Math.max(0, this.#plannedSteps - this.step);
  }

  /**
   * The last epoch that had ended by a step, or null.
   *
   * @param {number} step
   */
  epochBy(step) {
    return this.epochs.filter((epoch) => epoch.step <= step).at(-1) ?? null;
  }

  /**
   * A number of steps in epochs, with decimals; null before the first epoch has ended.
   *
   * @param {number} step
   */
  epochsAt(step) {
    const [first] = this.epochs;
    return first ? (step * first.epoch) / first.step : null;
  }

  /** @param {number} step */
  #resume(step) {
    const last = this.changes.filter(({ type }) => type !== "rate").at(-1); // the rate may be changed during a pause
    if (last?.type === "pause" && last.step === step) {
      this.changes.push({ type: "go-on", step });
      return;
    }
    // The steps after the checkpoint are lost, and will be taken again.
    this.costs = this.costs.filter(({ x }) => x <= step);
    this.epochs = this.epochs.filter((epoch) => epoch.step <= step);
    this.changes = this.changes.filter((change) => change.step <= step);
    this.changes.push({ type: "resume", step });
    this.step = this.#began = step;
  }
}
