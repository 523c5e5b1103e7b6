/**
 * What the events of a run have told so far: its costs, its epochs, what was changed on the way, where it is, and how
 * long it will take.
 *
 * @typedef {{type: "rate" | "pause" | "go-on" | "resume", step: number, rate?: number}} Change go-on: after a pause;
 *   resume: after the run had stopped
 */

// The clock of the last few epochs tells more than that of the first, which was slower while the process warmed up.
const RECENT = 5;

export class RunStory {
  /** @type {{x: number, y: number}[]} the cost of the batch (y) at each step (x) */
  costs = [];
  /** @type {any[]} the `epoch` events, each with the `step` that ended it and how many `steps` its `seconds` are about */
  epochs = [];
  /** @type {Change[]} */
  changes = [];
  step = 0;
  #plannedSteps;
  /** Where the epoch under way began, or what is known of it: of an epoch that was resumed, the clock tells a part. */
  #began = 0;

  /** @param {number} plannedSteps */
  constructor(plannedSteps) {
    this.#plannedSteps = plannedSteps;
  }

  /**
   * @param {string} type of the event; those that tell nothing of the story are left out
   * @param {any} data
   */
  tell(type, data) {
    if (type === "cost") {
      this.costs.push({ x: data.step, y: data.cost });
      this.step = data.step;
    } else if (type === "epoch") {
      // The cost of an epoch's last step is told just before.
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

  get accuracies() {
    return this.epochs.map(({ epoch, accuracy }) => ({ x: epoch, y: accuracy }));
  }

  get gradientNorms() {
    return this.epochs.map(({ epoch, gradient_norm }) => ({ x: epoch, y: gradient_norm }));
  }

  /** How much of what was planned is done, in 0..1. */
  get share() {
    return Math.min(1, this.step / this.#plannedSteps);
  }

  /** Seconds until the last step, or null while no epoch has ended. A pause is on nobody's clock. */
  get secondsLeft() {
    const recent = this.epochs.slice(-RECENT);
    const steps = recent.reduce((sum, epoch) => sum + epoch.steps, 0);
    if (steps <= 0) return null;
    const seconds = recent.reduce((sum, epoch) => sum + epoch.seconds, 0);
    return (seconds / steps) * Math.max(0, this.#plannedSteps - this.step);
  }

  /** The last epoch that had ended by a step, or null. */
  epochBy(step) {
    return this.epochs.findLast((epoch) => epoch.step <= step) ?? null;
  }

  /** How many epochs, and parts of one, a number of steps is; null while none has ended. */
  epochsAt(step) {
    const [first] = this.epochs;
    return first ? (step * first.epoch) / first.step : null;
  }

  #resume(step) {
    const last = this.changes.at(-1);
    if (last?.type === "pause" && last.step === step) {
      this.changes.push({ type: "go-on", step });
      return;
    }
    // What came after that step was not kept, and comes again.
    this.costs = this.costs.filter(({ x }) => x <= step);
    this.epochs = this.epochs.filter((epoch) => epoch.step <= step);
    this.changes = this.changes.filter((change) => change.step <= step);
    this.changes.push({ type: "resume", step });
    this.step = this.#began = step;
  }
}
