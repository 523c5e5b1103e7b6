/**
 * Plays a phone's neurons: it computes their numbers in each phase and passes them on, at a run by itself, at a walk
 * when it is told to. One request at a time; what fails is tried again. It keeps what each neuron has done last.
 *
 * @import {Problem} from "../../page/api.js"
 * @import {GameCalls, Move} from "./game-player.js"
 */

import { Unreachable } from "../../page/api.js";
import { GamePlayer, layerOf, placeOf } from "./game-player.js";
import { GameState } from "./game-state.js";

/**
 * What a neuron did in one direction of a step. `given` is what came back to it for the first digit, or in the last
 * layer the ten sums. `instead` is what the room made of a wrong number, once that is known.
 *
 * @typedef {{move: Move, label: number | null, count: number, eta: number, given: number[] | null,
 *   verdict: string, instead: number | null}} Done
 * @typedef {{step: number, forward: Done | null, backward: Done | null}} Played
 */

const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;

export class PhonePlay {
  state = new GameState();
  /** @type {{[neuron: string]: Played}} */
  records = {};
  /** @type {Move[]} of the present phase */
  moves = [];
  isUnreachable = false;
  #calls;
  #listener;
  /** @type {GamePlayer | null} */
  #player = null;
  #pupil = 0;
  /** @type {{[neuron: string]: string}} what became of the numbers of the present phase */
  #verdicts = {};
  /** The step and the phase of the moves, and of what the pupil has told to pass on. */
  #phase = "";
  #told = "";
  /** @type {object | null} the deal in which this phone was woken */
  #wokenIn = null;
  #isBusy = false;
  #shouldPlay = false;
  #failures = 0;
  #timer = 0;

  /**
   * @param {GameCalls & {awake: () => Promise<unknown>}} calls
   * @param {object} listener
   * @param {() => number} listener.pupil 0 for nobody
   * @param {() => boolean} listener.isAway whether the page is hidden, or the pupil is out of the room
   * @param {() => void} listener.onNews
   * @param {(problem: Problem) => void} listener.onRefused
   */
  constructor(calls, listener) {
    this.#calls = calls;
    this.#listener = listener;
  }

  /** The neurons that this phone holds. */
  get held() {
    return this.state.heldBy(this.#listener.pupil());
  }

  /** The moves that have not been passed on. */
  get unsent() {
    return this.moves.filter(({ name }) => this.verdictOf(name) === undefined);
  }

  /** Whether they are on their way. */
  get isSending() {
    return this.#told === this.#phase && this.unsent.length > 0;
  }

  /**
   * @param {{[part: string]: any}} changes an event of the room's stream
   * @returns {boolean} whether something of the game has changed
   */
  take(changes) {
    const isNews = this.state.take(changes);
    if (isNews) {
      if (isAtStart(this.state.game)) this.#forget();
      this.#noteInstead();
      this.play();
    }
    return isNews;
  }

  /** Passes on the numbers of this phase. */
  passOn() {
    this.#told = this.#phase;
    this.play();
  }

  /**
   * What became of a neuron's number in this phase; undefined before it is passed on.
   *
   * @param {string} name
   * @returns {string | undefined}
   */
  verdictOf(name) {
    const { game, deal } = this.state;
    // After a reload, the room may have it already. Two who share a neuron each pass it on.
    const isThere = game?.done.includes(name) && deal.held[name]?.length === 1 && keyOf(game) === this.#phase;
    return this.#verdicts[name] ?? (isThere ? (game.marks[name] ?? "right") : undefined);
  }

  /** Does what there is to do now. */
  async play() {
    this.#shouldPlay = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#timer);
    try {
      while (this.#shouldPlay && this.state.game && !this.#listener.isAway() && this.#listener.pupil() !== 0) {
        this.#shouldPlay = false;
        await this.#wake();
        await this.#compute();
        if (this.state.game?.pace === "run" || this.#told === this.#phase) await this.#send();
      }
      this.#failures = 0;
      this.isUnreachable = false;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBusy = false;
    }
    this.#listener.onNews();
  }

  #forget() {
    this.records = {};
    this.moves = [];
    this.#player = null;
    this.#phase = this.#told = "";
  }

  async #wake() {
    const { deal } = this.state;
    if (!deal.asleep.includes(this.#listener.pupil()) || this.#wokenIn === deal) return;
    await this.#calls.awake();
    this.#wokenIn = deal;
  }

  async #compute() {
    const { state, held } = this;
    if (state.game === null) return;
    const pupil = this.#listener.pupil();
    if (this.#player === null || this.#pupil !== pupil) this.#player = new GamePlayer(this.#calls, pupil);
    this.#pupil = pupil;
    const phase = keyOf(state.game);
    if (this.#phase !== phase) {
      this.#phase = phase;
      this.moves = [];
      this.#verdicts = {};
    }
    this.moves = this.moves.filter(({ name }) => held.includes(name));
    const known = this.moves.map(({ name }) => name);
    if (held.every((name) => known.includes(name) || layerOf(name) !== state.layer) && known.length > 0) return;
    const found = await this.#player.moves(state);
    if (state.game === null || keyOf(state.game) !== phase) return; // it is computed for the next phase instead
    const fresh = found.filter(({ name }) => !known.includes(name));
    this.moves.push(...fresh);
    for (const move of fresh) this.#record(move);
  }

  async #send() {
    const { unsent, state } = this;
    if (unsent.length === 0 || state.game === null || keyOf(state.game) !== this.#phase) return;
    this.#listener.onNews();
    const { step } = state.game;
    const verdicts = await /** @type {GamePlayer} */ (this.#player).passOn(state, unsent);
    for (const { name, sums } of unsent) {
      this.#verdicts[name] = verdicts[name] ?? "over";
      const done = this.records[name]?.[sums ? "forward" : "backward"];
      if (done && this.records[name].step === step) done.verdict = this.#verdicts[name];
    }
    this.#noteInstead();
  }

  /** @param {Move} move */
  #record(move) {
    const { game } = this.state;
    const { name, sums } = move;
    if (this.records[name]?.step !== game.step) this.records[name] = { step: game.step, forward: null, backward: null };
    this.records[name][sums ? "forward" : "backward"] = {
      move,
      label: game.labels?.[0] ?? null,
      count: game.digits.length,
      eta: game.step_eta,
      given: sums ? null : this.#givenTo(name),
      verdict: "",
      instead: null,
    };
  }

  /** @param {string} name */
  #givenTo(name) {
    const given = this.state.numbers(`back-${layerOf(name)}`);
    return given ? [given[0][placeOf(name)]] : (this.state.outputs?.[0] ?? null);
  }

  /** Notes what the room took in place of wrong numbers, which all are told once a phase is over. */
  #noteInstead() {
    for (const [name, { step, ...done }] of Object.entries(this.records)) {
      for (const direction of /** @type {const} */ (["forward", "backward"])) {
        const numbers = this.state.numbersOf(`${direction}-${layerOf(name)}`, step);
        if (done[direction]?.verdict === "wrong" && numbers) done[direction].instead = numbers[0][placeOf(name)];
      }
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof Unreachable || /** @type {Problem} */ (error).status >= 500) {
      this.isUnreachable = true;
      this.#timer = setTimeout(() => this.play(), Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#failures++));
    } else this.#listener.onRefused(/** @type {Problem} */ (error));
  }
}

/** @param {{step: number, phase: string} | null} game */
function isAtStart(game) {
  return game === null || (game.step === 0 && game.phase === "ready");
}

/** @param {{step: number, phase: string}} game */
function keyOf({ step, phase }) {
  return `${step} ${phase}`;
}
