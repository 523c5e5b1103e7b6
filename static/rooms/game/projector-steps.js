/**
 * What the projector says of a game: what comes next, whom all wait for, who plays what, and what the numbers mean.
 *
 * @import {Course, Deal, Game} from "./game-state.js"
 * @typedef {(pupil: number) => string} NameOf
 */

import { percent, short, whole, withMinus } from "../../page/format.js";
import { shares } from "./neuron.js";

export const SIZES = [16, 16, 10];
const PHASES = ["forward-1", "forward-2", "forward-3", "backward-3", "backward-2", "backward-1"];
const ORDINALS = ["first", "second", "third"];
const MAX_NAMES = 3;
const MIN_USUAL = 0.03;
const MAX_USUAL = 1;
const MAX_DECIMAL = 100;
const MAX_WHOLE = 10_000;

/** @param {string} phase such as "forward-2" */
export function layerOf(phase) {
  return Number(phase.split("-")[1]);
}

/**
 * Whether the numbers of a part are of the present step. Those of the step before stay until others come.
 *
 * @param {Game} game
 * @param {string} part such as "forward-2"
 */
export function isKnown({ phase, is_complete: isComplete }, part) {
  if (phase === "ready") return true;
  const isAnswer = part === "forward-3" && phase === part && isComplete;
  return isAnswer || PHASES.indexOf(part) < PHASES.indexOf(phase);
}

/**
 * What is going on, as a heading.
 *
 * @param {Game} game
 * @param {NameOf} nameOf
 */
export function titleOf(game, nameOf) {
  const { phase, pace, step, has_diverged: hasDiverged, labels } = game;
  if (hasDiverged) return "The numbers grew beyond all bounds.";
  if (pace === "run") return "The class is learning.";
  if (game.waiting.length > 0 && !game.is_complete) return waitingWords(game.waiting, nameOf);
  if (phase === "ready") return step === 0 ? "The class is the network." : `Step ${whole(step)} is taken.`;
  if (phase === "forward-3" && game.is_complete) return labels ? "How far off was it?" : "The class has answered.";
  if (phase === "forward-3") return "Forward: the ten outputs add up.";
  if (phase.startsWith("forward")) return `Forward: the ${ORDINALS[layerOf(phase) - 1]} layer computes.`;
  if (phase === "backward-3") return "Back: each output sees how far it was off.";
  return `Back: the ${ORDINALS[layerOf(phase) - 1]} layer takes its share.`;
}

/**
 * The words on the button that goes on.
 *
 * @param {Game} game
 */
export function nextStep({ phase, labels, batch }) {
  if (phase === "ready") return batch === 1 ? "Let the digit in" : `Let ${whole(batch)} digits in`;
  if (phase === "forward-1") return "On to the second layer";
  if (phase === "forward-2") return "The answer";
  if (phase === "forward-3") return labels ? "Back through the network" : "Show the label and the cost";
  return phase === "backward-1" ? "Take the step" : `On to the ${ORDINALS[layerOf(phase) - 2]} layer`;
}

/**
 * Whom all wait for.
 *
 * @param {number[]} waiting
 * @param {NameOf} nameOf
 */
export function waitingWords(waiting, nameOf) {
  const named = waiting.slice(0, MAX_NAMES).map(nameOf);
  const more = waiting.length - named.length;
  if (more > 0) named.push(`${whole(more)} more`);
  return `Waiting for ${listed(named)}.`;
}

/**
 * Who plays what, in a sentence.
 *
 * @param {Deal} deal
 * @param {NameOf} nameOf
 */
export function whoPlays({ held, asleep }, nameOf) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  let ofServer = 0;
  for (const who of Object.values(held)) {
    const awake = who.filter((pupil) => !asleep.includes(pupil));
    if (awake.length === 0) ofServer++;
    for (const pupil of awake) counts.set(pupil, (counts.get(pupil) ?? 0) + 1);
  }
  const asleepWords = asleep.length === 0 ? "" : ` Asleep: ${listed(asleep.slice(0, MAX_NAMES).map(nameOf))}.`;
  if (counts.size === 0) return `The server plays all 42 neurons.${asleepWords}`;
  const byName = [...counts].map(([pupil, count]) => `${nameOf(pupil)} plays ${neurons(count)}`);
  const pupils =
    counts.size > MAX_NAMES ? `${whole(counts.size)} pupils play ${neurons(42 - ofServer)}` : listed(byName);
  return `${pupils}${ofServer === 0 ? "" : `, the server ${whole(ofServer)}`}.${asleepWords}`;
}

/** @param {number} count */
function neurons(count) {
  return count === 1 ? "1 neuron" : `${whole(count)} neurons`;
}

/** @param {string[]} names */
function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** The sign and word of a mark. @param {Game["marks"][string] | undefined} mark */
export function markWords(mark) {
  return mark === "wrong" ? "✗ wrong" : mark === "late" ? "… late" : "";
}

/** @param {number} eta */
export function rateWords(eta) {
  const size = eta < MIN_USUAL ? "small" : eta <= MAX_USUAL ? "usual" : "too large";
  return `${short(eta)}, ${size}`;
}

/**
 * A rate on the dial, which is logarithmic, with two digits.
 *
 * @param {number} place the logarithm to the base 10
 */
export function rateOf(place) {
  return Number((10 ** place).toPrecision(2));
}

/** @param {number} a an activation */
export function activationText(a) {
  const text = sized(a, 2);
  return text === "-0.00" ? "0.00" : withMinus(text);
}

/** With its sign, which a colour repeats. @param {number} delta */
export function deltaText(delta) {
  const size = Math.abs(delta);
  return `${delta > 0 ? "+" : delta < 0 ? "−" : ""}${sized(size, size < 0.1 ? 3 : 2)}`;
}

/**
 * Few characters, however large it grew.
 *
 * @param {number} value
 * @param {number} decimals
 */
function sized(value, decimals) {
  const size = Math.abs(value);
  if (size >= MAX_WHOLE) return value.toExponential(0).replace("+", "");
  return value.toFixed(size >= MAX_DECIMAL ? 0 : decimals);
}

/**
 * The mean of -ln of the share of each label.
 *
 * @param {number[][]} sums of the outputs, for each digit
 * @param {number[]} labels
 */
export function costOf(sums, labels) {
  const costs = sums.map((row, n) => -Math.log(Math.max(shares(row)[labels[n]], Number.MIN_VALUE)));
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

/** The digit of the largest sum. @param {number[]} sums */
export function answerOf(sums) {
  return sums.indexOf(Math.max(...sums));
}

/**
 * The costs as points, each at its step. Only the last 300 are told.
 *
 * @param {Course} course
 * @param {string} phase
 */
export function costPoints({ costs, steps }, phase) {
  const last = steps + (phase.startsWith("backward") ? 1 : 0);
  return costs.map((y, i) => ({ x: last - costs.length + i + 1, y }));
}

/** @param {Course["accuracies"]} accuracies */
export function accuracyWords(accuracies) {
  if (accuracies.length === 0) return "";
  const [first, last] = [accuracies[0][1], accuracies[accuracies.length - 1][1]].map(wholePercent);
  const start = accuracies.length > 1 ? ` At the start: ${first}.` : "";
  return `It reads ${last} of the drawings by pupils it never learned from.${start}`;
}

/** @param {number} share of some drawings, which may be all or none */
function wholePercent(share) {
  return share === 1 ? "100%" : percent(share);
}
