/**
 * What a phone does for the neurons that it holds: it fetches their numbers once, computes what they pass on in each
 * phase, and nudges them itself after each step. It fetches them anew only if it missed a phase.
 */

import { activation, givesBack, gradient, hiddenDelta, nudged, outputDelta, shares, weightedInput } from "./neuron.js";

/** @import {GameState} from "./game-state.js" */
/** @import {Neuron} from "./neuron.js" */

/**
 * What a neuron does in its phase: what came in, (n, before), what it passes on, and forwards its sums; backwards its
 * gradient and what it is after the step. Backwards, `back` is for each neuron of the layer before.
 *
 * @typedef {{name: string, neuron: Neuron, befores: number[][], numbers: number[], sums: number[] | null,
 *   back: number[][] | null, gradient: Neuron | null, after: Neuron | null}} Move
 * @typedef {Record<string, "right" | "wrong" | "late" | "over" | "not yours">} Verdicts
 * @typedef {{
 *   neurons: (names: string[]) => Promise<{step: number, neurons: Record<string, Neuron>}>,
 *   inputs: (digits: number[]) => Promise<{inputs: Record<string, string>}>,
 *   passOn: (numbers: {step: number, phase: string, neurons: object}) => Promise<{verdicts: Verdicts}>,
 * }} GameCalls
 */

const LAST_LAYER = 3;
const WHITE = 255;

export class GamePlayer {
  #calls;
  #pupil;
  /** @type {Record<string, {neuron: Neuron, step: number}>} */
  #own = {};
  /** @type {number | undefined} of the game whose neurons they are */
  #seed;
  /** @type {Record<number, number[]>} */
  #inputs = {};

  /**
   * @param {GameCalls} calls
   * @param {number} pupil
   */
  constructor(calls, pupil) {
    this.#calls = calls;
    this.#pupil = pupil;
  }

  /**
   * What the phone's neurons of the present layer pass on; none where it holds none of them, or where numbers are still
   * on their way.
   *
   * @param {GameState} state
   * @returns {Promise<Move[]>}
   * @throws {import("../../page/api.js").Problem | import("../../page/api.js").Unreachable}
   */
  async moves(state) {
    if (!state.isInPhase) return [];
    await this.#fetch(state);
    const { layer } = state;
    const befores = layer === 1 ? this.#inputsOf(state) : state.numbers(`forward-${layer - 1}`);
    if (befores === null || (!state.isForward && !isReadyToGoBack(state))) return [];
    return state
      .heldBy(this.#pupil)
      .filter((name) => layerOf(name) === layer && this.#own[name]?.step === state.game?.step)
      .map((name) => moveOf(name, this.#own[name].neuron, befores, state));
  }

  /**
   * Passes on what `moves` computed, and nudges the neurons if that was their last phase of the step. One whose number
   * was wrong is fetched anew instead.
   *
   * @param {GameState} state
   * @param {Move[]} moves
   */
  async passOn({ game }, moves) {
    const neurons = Object.fromEntries(
      moves.map(({ name, numbers, back }) => [name, back ? { numbers, back } : { numbers }]),
    );
    const { verdicts } = await this.#calls.passOn({ step: game.step, phase: game.phase, neurons });
    for (const { name, after } of moves) {
      if (verdicts[name] === "wrong") delete this.#own[name];
      else if (after) this.#own[name] = { neuron: after, step: game.step + 1 };
    }
    return verdicts;
  }

  /** @param {GameState} state */
  async #fetch(state) {
    const { step, digits, seed } = state.game;
    if (seed !== this.#seed) this.#own = {};
    this.#seed = seed;
    const held = state.heldBy(this.#pupil);
    const old = held.filter((name) => this.#own[name]?.step !== step);
    // After its last phase of a step, a neuron is a step ahead.
    const missing = old.filter((name) => this.#own[name]?.step !== step + 1);
    if (missing.length > 0) {
      const found = await this.#calls.neurons(missing);
      for (const [name, neuron] of Object.entries(found.neurons)) this.#own[name] = { neuron, step: found.step };
    }
    const unknown = digits.filter((digit) => !(digit in this.#inputs));
    if (unknown.length === 0 || !held.some((name) => layerOf(name) === 1)) return;
    const { inputs } = await this.#calls.inputs(unknown);
    for (const [digit, text] of Object.entries(inputs)) this.#inputs[Number(digit)] = decoded(text);
  }

  /** @param {GameState} state */
  #inputsOf({ game }) {
    const found = game.digits.map((digit) => this.#inputs[digit]);
    return found.every(Boolean) ? found : null;
  }
}

/** @param {string} name such as "2-15" */
export function layerOf(name) {
  return Number(name.split("-")[0]);
}

/** @param {string} name such as "2-15" */
export function placeOf(name) {
  return Number(name.split("-")[1]);
}

/** @param {GameState} state */
function isReadyToGoBack(state) {
  return state.layer === LAST_LAYER ? state.outputs !== null : state.numbers(`back-${state.layer}`) !== null;
}

/**
 * @param {string} name
 * @param {Neuron} neuron
 * @param {number[][]} befores
 * @param {GameState} state
 * @returns {Move}
 */
function moveOf(name, neuron, befores, state) {
  if (state.isForward) {
    const sums = befores.map((before) => weightedInput(neuron, before));
    const numbers = layerOf(name) === LAST_LAYER ? sums : sums.map(activation);
    return { name, neuron, befores, numbers, sums, back: null, gradient: null, after: null };
  }
  const numbers = deltasOf(name, state);
  const slopes = gradient(numbers, befores);
  const after = nudged(neuron, slopes, state.game.step_eta);
  const back = layerOf(name) === 1 ? null : givesBack(neuron, numbers);
  return { name, neuron, befores, numbers, sums: null, back, gradient: slopes, after };
}

/**
 * @param {string} name
 * @param {GameState} state
 */
function deltasOf(name, state) {
  const place = placeOf(name);
  const { labels, digits } = state.game;
  if (layerOf(name) === LAST_LAYER) {
    return state.outputs.map((sums, n) => outputDelta(shares(sums)[place], labels[n] === place, digits.length));
  }
  const own = state.numbers(`forward-${state.layer}`);
  return state.numbers(`back-${state.layer}`).map((given, n) => hiddenDelta(given[place], own[n][place]));
}

/** @param {string} text 784 bytes in base64 */
function decoded(text) {
  return Array.from(atob(text), (letter) => letter.charCodeAt(0) / WHITE);
}
