/**
 * What the chart shows of a line and the ball on it. It requests what is missing.
 *
 * @typedef {import("./slope-curve.js").CostAt} CostAt
 * @typedef {import("./slope-source.js").Line} Line
 * @typedef {object} Question
 * @property {Line} line
 * @property {"wide" | "close"} view
 * @property {number | null} start of the ball; null for the usual one
 * @property {number} rate
 * @property {number} steps taken from there
 * @property {boolean} held whether a finger holds the ball
 * @typedef {import("./slope-source.js").SliceQuestion & {view: "wide" | "close", factor: number}} SliceQuestion
 * @typedef {object} Seen
 * @property {import("./slope-path.js").Slice} slice
 * @property {CostAt[]} points where the ball was, and last where it is
 * @property {number | null} next where its next step leaves the widest chart, null while it stays inside
 * @property {boolean} isExact false until the answer has arrived
 * @property {boolean} isWhole whether all the steps are known
 * @property {number} span how far the chart usually reaches to each side
 * @property {number} factor by how much it is wider than that
 * @property {[number, number]} range how far it reaches now
 */

import { between, factorFor, firstSteps } from "./slope-path.js";
import { isSameLine, MAX_STEPS, mountSource, usualReach, usualStart } from "./slope-source.js";

/**
 * @param {object} does
 * @param {() => void} does.onAnswer called after each answer
 * @param {(sentence: string) => void} does.say what is wrong, "" when nothing is
 */
export function mountView({ onAnswer, say }) {
  /** @type {{question: SliceQuestion, found: import("./slope-path.js").Slice} | null} */
  let slice = null;
  /** @type {{question: import("./slope-source.js").WalkQuestion, found: import("./slope-source.js").Walk} | null} */
  let walk = null;
  let asked = { slice: null, walk: null };
  const source = mountSource({
    /** @param {SliceQuestion} question */
    onSlice(question, found) {
      slice = { question, found };
      onAnswer();
    },
    onWalk(question, found) {
      walk = { question, found };
      onAnswer();
    },
    say,
  });

  /**
   * @param {Question} question
   * @param {{centre: number, span: number}} usual
   */
  function pathOf({ line, start, rate, steps }, usual) {
    const here = { points: [between(slice.found, start)], next: null };
    if (!walk || !isSameLine(walk.question.line, line) || walk.question.start !== start) {
      return { ...here, isExact: false, isWhole: false };
    }
    if (steps === 0) return { ...here, points: [walk.found.points[0]], isExact: true, isWhole: false };
    const isWhole = walk.question.rate === rate && walk.question.steps === MAX_STEPS;
    if (!isWhole) return { ...here, isExact: false, isWhole };
    return { ...firstSteps(walk.found, steps, rate, usual), isExact: true, isWhole };
  }

  /**
   * @param {Question} question with a start, on the line of the slice
   * @returns {Seen}
   */
  function seen(question) {
    const { line, view, held } = question;
    const { offset, span } = usualReach(line, view);
    const centre = offset + (line.kind === "drawn" ? 0 : slice.found.here.value);
    const path = pathOf(question, { centre, span });
    const wanted = factorFor(
      path.points.map(({ value }) => value),
      { centre, span },
    );
    // While a finger holds the ball, the chart must not shrink and move it.
    const isSameView = slice.question.view === view;
    const factor = held && isSameView ? Math.max(wanted, slice.question.factor) : wanted;
    const reach = factor * span;
    return { ...path, slice: slice.found, factor, span, range: [centre - reach, centre + reach] };
  }

  /**
   * @param {Question} question
   * @param {number} factor
   */
  function ask({ line, view, start, rate, steps, held }, factor) {
    const last = asked.slice;
    if (!last || !isSameLine(last.line, line) || last.view !== view || last.factor !== factor) {
      const { offset, span } = usualReach(line, view);
      asked.slice = { line, view, factor, low: offset - span * factor, high: offset + span * factor };
      source.askSlice(asked.slice);
    }
    const before = asked.walk;
    const isSameStart = before && isSameLine(before.line, line) && before.start === start;
    // A walk of one step is enough for the cost and the slope at the start.
    const isEnough = isSameStart && (steps === 0 || (before.rate === rate && before.steps === MAX_STEPS));
    if (isEnough || start === null) return;
    asked.walk = { line, start, rate, steps: steps === 0 ? 1 : MAX_STEPS };
    source.askWalk(asked.walk, !held);
  }

  return {
    /**
     * @param {Question} question
     * @returns {Seen | null} null before there is a curve
     */
    look(question) {
      const isKnown = slice !== null && isSameLine(slice.question.line, question.line);
      const usual = isKnown ? usualStart(question.line, slice.found.here.value) : null;
      const started = { ...question, start: question.start ?? usual };
      const found = isKnown ? seen(started) : null;
      ask(started, found?.factor ?? 1);
      return found;
    },
    forget() {
      [slice, walk, asked] = [null, null, { slice: null, walk: null }];
      source.forget();
    },
  };
}
