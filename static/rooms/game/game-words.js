/** What a phone says in a game: pure words and numbers. */

import { aDigit, short, withMinus } from "../../page/format.js";
import { layerOf, placeOf } from "./game-player.js";

/** @import {Game} from "./game-state.js" */

const LAYERS = ["", "first layer", "second layer", "outputs"];
const DECIMALS = 4;
// Below it, four decimals say too little.
const SMALL = 0.001;
const SIDE = 28;

/** Four decimals, or four digits of a small number. @param {number} number */
export function figure(number) {
  const isPlain = number === 0 || (Math.abs(number) >= SMALL && Math.abs(number) < 1e6);
  return withMinus(isPlain ? number.toFixed(DECIMALS) : short(number));
}

/** In a product, a negative number stands in brackets. @param {number} number */
export function factor(number) {
  return number < 0 ? `(${figure(number)})` : figure(number);
}

/** "neuron 2-5 (second layer)", "neuron 3-7 (output 7)". @param {string} name */
export function neuronWords(name) {
  const layer = layerOf(name);
  return `neuron ${name} (${layer === 3 ? `output ${placeOf(name)}` : LAYERS[layer]})`;
}

/** @param {string[]} held */
export function titleWords(held) {
  if (held.length === 0) return "You hold no neuron now";
  if (held.length === 1) return `You are ${neuronWords(held[0])}`;
  return `You are ${held.length} neurons`;
}

/** @param {Game} game */
export function phaseWords({ step, phase, pace, has_diverged }) {
  if (has_diverged) return "The numbers have become too large to go on. A smaller learning rate would help.";
  if (phase === "ready" && pace === "walk") return step === 0 ? "The game begins." : `Step ${step} is done.`;
  if (pace === "run" || phase === "ready") return `Step ${step + 1}, running.`;
  const [direction, layer] = phase.split("-");
  const who = layer === "3" ? "the outputs compute" : `the ${LAYERS[Number(layer)]} computes`;
  return `Step ${step + 1}, ${direction === "forward" ? "forward" : "backward"}: ${who}.`;
}

/** The label and the cost, once they are known. @param {Game} game */
export function revealedWords({ labels, cost, digits, phase, pace }) {
  if (!labels || phase === "ready") return "";
  const what = `It was meant as ${aDigit(labels[0])}.`;
  // Forwards, the cost is still that of the step before.
  if (cost === null || (pace === "walk" && phase.startsWith("forward"))) return what;
  const which = pace === "walk" ? "The cost is" : "The last cost was";
  return `${what} ${which} ${figure(cost)}${digits.length > 1 ? `, the mean of ${digits.length} digits` : ""}.`;
}

/** @param {number} count of the digits that go in */
export function digitWords(count) {
  return count > 1 ? `and ${count - 1} more` : "goes in";
}

/** @param {{verdict: string, instead: number | null}} judged */
export function verdictWords({ verdict, instead }) {
  if (verdict === "right") return "Passed on.";
  if (verdict === "late") return "The room went on without waiting: your next number counts again.";
  if (verdict !== "wrong") return "";
  return `The room worked it out again${instead === null ? "." : `: ${figure(instead)} instead.`}`;
}

/** What the button says. @param {{numbers: number[]}[]} moves that wait */
export function passWords(moves) {
  const [{ numbers }] = moves;
  return moves.length === 1 ? `Pass on ${figure(numbers[0])}` : `Pass on ${moves.length} numbers`;
}

/**
 * @param {number[]} waiting pupils
 * @param {number} me
 * @param {(pupil: number) => string | null | undefined} nameOf
 */
export function waitingWords(waiting, me, nameOf) {
  if (waiting.length === 0) return "";
  const others = waiting.filter((pupil) => pupil !== me);
  const first = others.length === waiting.length ? (nameOf(others[0]) ?? "somebody") : "you";
  const rest = first === "you" ? others.length : others.length - 1;
  if (rest === 0) return `Waiting for ${first}.`;
  return `Waiting for ${first} and ${rest === 1 ? "1 other" : `${rest} others`}.`;
}

/**
 * What is above the button, where the numbers of this phase have been passed on, or are none of this phone's.
 *
 * @param {Game} game
 * @param {{held: number, active: number, waiting: string}} phone how many neurons it holds, and in this layer
 */
export function nextWords(game, { held, active, waiting }) {
  if (held === 0) return "Your teacher can deal again, or you take a neuron by hand.";
  if (game.pace === "run") return "Your numbers are passed on by themselves.";
  if (game.phase === "ready") return `Your teacher begins the ${game.step === 0 ? "first" : "next"} step.`;
  const idle = active === 0 ? "Nothing to do for you in this layer. " : "";
  return idle + (waiting || othersWords(game));
}

/** @param {Game} game */
function othersWords({ is_complete, phase, labels }) {
  if (!is_complete) return "Waiting for the others.";
  return phase === "forward-3" && !labels ? "What was it meant to be?" : "Your teacher goes on.";
}

/** @param {number} delta */
export function deltaWords(delta) {
  if (figure(delta) === "0.0000" || Math.abs(delta) < 1e-6) return "The cost hardly depends on this neuron's number.";
  return `The cost falls if this neuron's number goes ${delta > 0 ? "down" : "up"}.`;
}

/** Where an input comes from. @param {number} layer of the neuron @param {number} input */
export function inputName(layer, input) {
  if (layer > 1) return `${layer - 1}-${input}`;
  return `row ${Math.floor(input / SIDE) + 1}, column ${(input % SIDE) + 1}`;
}
