/** What the events of a run have told so far: its costs, its epochs, where it is, and how long it will take. */

// The clock of the last few epochs tells more than that of the first, which was slower while the process warmed up.
const RECENT = 5;

export class RunStory {
  /** @type {{x: number, y: number}[]} the cost of the batch (y) at each step (x) */
  costs = [];
  /** @type {any[]} the `epoch` events */
  epochs = [];
  step = 0;
  #plannedSteps;
  #plannedEpochs;

  /**
   * @param {number} plannedSteps
   * @param {number} plannedEpochs
   */
  constructor(plannedSteps, plannedEpochs) {
    this.#plannedSteps = plannedSteps;
    this.#plannedEpochs = plannedEpochs;
  }

  /**
   * @param {"cost" | "epoch" | "resume"} type
   * @param {any} data
   */
  tell(type, data) {
    if (type === "cost") {
      this.costs.push({ x: data.step, y: data.cost });
      this.step = data.step;
    } else if (type === "epoch") this.epochs.push(data);
    else if (type === "resume") this.#goBackTo(data.step);
  }

  /** The cost on the images held out (y) at the step that ended each epoch (x). */
  get heldOutCosts() {
    return this.epochs.map(({ epoch, cost }) => ({ x: this.#stepAfter(epoch), y: cost }));
  }

  get accuracies() {
    return this.epochs.map(({ epoch, accuracy }) => ({ x: epoch, y: accuracy }));
  }

  /** How much of what was planned is done, in 0..1. */
  get share() {
    return Math.min(1, this.step / this.#plannedSteps);
  }

  /** Seconds until the last epoch's end, or null while no epoch has ended. */
  get secondsLeft() {
    const recent = this.epochs.slice(-RECENT);
    if (recent.length === 0) return null;
    const each = recent.reduce((sum, { seconds }) => sum + seconds, 0) / recent.length;
    return each * this.#plannedEpochs * (1 - this.share);
  }

  /** A run that died goes on from where it was last saved: what came after that was not kept, and comes again. */
  #goBackTo(step) {
    this.costs = this.costs.filter(({ x }) => x <= step);
    this.epochs = this.epochs.filter(({ epoch }) => this.#stepAfter(epoch) <= step);
    this.step = step;
  }

  #stepAfter(epoch) {
    return Math.round((epoch / this.#plannedEpochs) * this.#plannedSteps);
  }
}
