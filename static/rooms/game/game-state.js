/**
 * The game of a room as its stream tells it, part by part.
 *
 * @typedef {{is_over: boolean, seed: number, step: number, phase: string, is_complete: boolean, pace: "walk" | "run", eta: number,
 *   step_eta: number, batch: number, digits: number[], labels: number[] | null, cost: number | null, done: string[],
 *   marks: Record<string, "late" | "wrong" | "server">, waiting: number[], has_diverged: boolean}} Game
 * @typedef {{held: Record<string, number[]>, asleep: number[]}} Deal
 * @typedef {{costs: number[], steps: number, accuracies: [number, number][]}} Course
 * @typedef {{step: number, numbers: number[][]}} LayerNumbers for each digit of the batch, one for each neuron
 */

const READY = "ready";
const LAYERS = 3;

/** Keeps the parts of a game. */
export class GameState {
  /** @type {Game | null} */
  game = null;
  /** @type {Deal} */
  deal = { held: {}, asleep: [] };
  /** @type {Course} */
  course = { costs: [], steps: 0, accuracies: [] };
  /** @type {Record<string, LayerNumbers>} */
  #numbers = {};

  /**
   * @param {Record<string, any>} changes an event of the room's stream
   * @returns {boolean} whether something of the game has changed
   */
  take(changes) {
    let isNews = false;
    for (const [part, form] of Object.entries(changes)) {
      if (part === "game") this.game = form.is_over ? null : form;
      else if (part === "deal") this.deal = form;
      else if (part === "course") this.course = form;
      else if (/^(forward|backward|back)-\d$/.test(part)) this.#numbers[part] = form;
      else continue;
      isNews = true;
    }
    return isNews;
  }

  /** Whether a phase is under way. */
  get isInPhase() {
    return this.game !== null && this.game.phase !== READY;
  }

  /** The layer of the present phase, from 1 on. */
  get layer() {
    return Number(this.game?.phase.split("-")[1]);
  }

  get isForward() {
    return this.game?.phase.startsWith("forward") ?? false;
  }

  /**
   * The neurons that a pupil holds, such as "2-15".
   *
   * @param {number} pupil
   */
  heldBy(pupil) {
    return Object.keys(this.deal.held).filter((neuron) => this.deal.held[neuron].includes(pupil));
  }

  /**
   * The numbers of a part in this step; null while they are on their way, or not computed yet.
   *
   * @param {string} part such as "forward-1", or "back-2"
   * @returns {number[][] | null}
   */
  numbers(part) {
    return this.game ? this.numbersOf(part, this.game.step) : null;
  }

  /**
   * The numbers of a part in that step, while they are kept.
   *
   * @param {string} part
   * @param {number} step
   * @returns {number[][] | null}
   */
  numbersOf(part, step) {
    const found = this.#numbers[part];
    return found && found.step === step ? found.numbers : null;
  }

  /** The sums of the output layer; null before they are known. */
  get outputs() {
    return this.numbers(`forward-${LAYERS}`);
  }
}
