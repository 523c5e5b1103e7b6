/**
 * Where the curve and the steps on it come from: the server, or the made-up curve.
 *
 * @typedef {import("./slope-path.js").Slice} Slice
 * @typedef {{points: import("./slope-curve.js").CostAt[], diverged: boolean}} Walk
 * @typedef {"parameter" | "drawn" | "twin" | "random"} Kind
 * @typedef {object} Line a straight line through the parameters, and the images whose cost is shown on it
 * @property {Kind} kind
 * @property {import("../../network/parameter-name.js").Parameter} parameter
 * @property {number} seed
 * @property {{input: number[], digit: number} | null} about null: the mean over many images
 * @typedef {{line: Line, low: number, high: number}} SliceQuestion
 * @typedef {{line: Line, start: number, rate: number, steps: number}} WalkQuestion
 */

import { post, sentenceOf, Unreachable } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf } from "../../page/live-sentence.js";
import { sliceOf, walkOf } from "./slope-curve.js";

const POINTS = 61;
// From the network, in a direction through all the parameters.
const FAR_ENOUGH = 0.3;
const RETRYING = `${sentenceOf(new Unreachable()).replace(/ Please.*/, "")} The page keeps trying.`;
/** The longest walk. */
export const MAX_STEPS = 60;

/**
 * How far the chart reaches. The first layer needs a wider one, since its weights are larger and matter less.
 *
 * @param {Line} line
 * @param {"wide" | "close"} view
 * @returns {{offset: number, span: number}} the middle of the chart, counted from the
 *   network's own value, and its reach to each side
 */
export function usualReach({ kind, parameter: { layer, input } }, view) {
  const isWide = view === "wide";
  if (kind === "drawn") return isWide ? { offset: 0, span: 4 } : { offset: 1.9, span: 1.25 };
  if (kind === "twin") return isWide ? { offset: 0.5, span: 0.85 } : { offset: 0, span: 0.25 };
  if (kind === "random") return { offset: 0, span: isWide ? 0.6 : 0.15 };
  const span = layer === 1 || input === null ? 8 : 2;
  return { offset: 0, span: isWide ? span : span / 4 };
}

/**
 * Where the ball starts: on a slope, since a step from the bottom of a valley can't be seen.
 *
 * @param {Line} line
 * @param {number} own the network's own value, or where the made-up curve starts
 */
export function usualStart(line, own) {
  if (line.kind === "drawn") return own;
  if (line.kind === "parameter") return own - usualReach(line, "wide").span / 2;
  return own + FAR_ENOUGH;
}

/**
 * Whether two lines are the same.
 *
 * @param {Line} one
 * @param {Line} other
 */
export function isSameLine(one, other) {
  return keyOf(one) === keyOf(other);
}

/** @param {Line} line */
function keyOf({ kind, parameter, seed, about }) {
  if (kind === "drawn") return kind;
  return JSON.stringify([kind === "parameter" ? parameter : [kind, seed], about]);
}

/**
 * Asks for slices and walks, and passes on the newest answers with their questions.
 *
 * @param {object} does
 * @param {(question: SliceQuestion, slice: Slice) => void} does.onSlice
 * @param {(question: WalkQuestion, walk: Walk) => void} does.onWalk
 * @param {(sentence: string) => void} does.say what is wrong, "" when nothing is
 */
export function mountSource({ onSlice, onWalk, say }) {
  const problems = { slice: "", walk: "" };

  /**
   * @template Q, A
   * @param {"slice" | "walk"} name
   * @param {(question: Q, signal: AbortSignal) => A | Promise<A>} fetch
   * @param {(question: Q, answer: A) => void} show
   */
  function askerOf(name, fetch, show) {
    /** @type {(question: Q, signal: AbortSignal) => Promise<{question: Q, found: A}>} */
    const ask = async (question, signal) => ({ question, found: await fetch(question, signal) });
    return new Asker(ask, (outcome) => {
      problems[name] = problemOf(outcome, RETRYING);
      say(problems.slice || problems.walk);
      if (outcome.kind === "answered") show(outcome.answer.question, outcome.answer.found);
    });
  }

  const slices = askerOf("slice", fetchSlice, onSlice);
  const walks = askerOf("walk", fetchWalk, onWalk);
  addEventListener("online", () => {
    slices.retry();
    walks.retry();
  });

  return {
    /** @param {SliceQuestion} question */
    askSlice: (question) => slices.ask(question, true),
    /**
     * @param {WalkQuestion} question
     * @param {boolean} settled false while the ball is held
     */
    askWalk: (question, settled) => walks.ask(question, settled),
    forget() {
      slices.forget();
      walks.forget();
      say("");
    },
  };
}

/**
 * @param {SliceQuestion} question
 * @param {AbortSignal} signal
 * @returns {Slice | Promise<Slice>}
 */
function fetchSlice({ line, low, high }, signal) {
  if (line.kind === "drawn") return sliceOf(low, high, POINTS);
  const question = { direction: directionOf(line), about: line.about, low, high, around: true, count: POINTS };
  return post("lessons/slice", question, signal);
}

/**
 * @param {WalkQuestion} question
 * @param {AbortSignal} [signal]
 * @returns {Walk | Promise<Walk>}
 */
export function fetchWalk({ line, start, rate, steps }, signal) {
  if (line.kind === "drawn") return walkOf(start, rate, steps);
  const question = { direction: directionOf(line), about: line.about, start, learning_rate: rate, steps };
  return post("lessons/walk", question, signal);
}

/** @param {Line} line */
function directionOf({ kind, parameter, seed }) {
  return kind === "parameter" ? { kind, ...parameter } : { kind, seed };
}
