/**
 * What is known of somebody's test: which form came first, and the answers before and after the lessons.
 *
 * @typedef {"before" | "after"} Round
 * @typedef {number | null} Answer an option, counted from 0; null for "I don't know"
 * @typedef {{answers: Answer[], done: boolean}} Taken the first answers of a round, in the order of the questions
 * @typedef {{version: number, first: "a" | "b", before: Taken, after: Taken}} TestRecord
 * @typedef {Record<string, number[]>} Right the right option of each question, by form
 */

export const VERSION = 1;
/** @type {Round[]} */
export const ROUNDS = ["before", "after"];

/**
 * @param {"a" | "b"} first the form before the lessons
 * @returns {TestRecord}
 */
export function newRecord(first) {
  return { version: VERSION, first, before: { answers: [], done: false }, after: { answers: [], done: false } };
}

/**
 * @param {any} value as it was kept
 * @param {number} count of questions
 * @returns {TestRecord | null} null where it is damaged, or of another version
 */
export function checkedRecord(value, count) {
  const isWhole = value?.version === VERSION && ["a", "b"].includes(value.first);
  return isWhole && ROUNDS.every((round) => isTaken(value[round], count)) ? value : null;
}

/** @param {any} taken @param {number} count */
function isTaken(taken, count) {
  if (!Array.isArray(taken?.answers) || typeof taken.done !== "boolean") return false;
  const { answers, done } = taken;
  const areAnswers = answers.every((answer) => answer === null || (Number.isInteger(answer) && answer >= 0));
  return areAnswers && answers.length <= count && (!done || answers.length === count);
}

/**
 * @param {TestRecord} record
 * @param {Round} round
 * @returns {"a" | "b"}
 */
export function formOf({ first }, round) {
  if (round === "before") return first;
  return first === "a" ? "b" : "a";
}

/**
 * The round to take on one's own: the second once the first is done.
 *
 * @param {TestRecord} record
 * @returns {Round}
 */
export function roundOf({ before }) {
  return before.done ? "after" : "before";
}

/**
 * @param {TestRecord} record
 * @param {Round} round
 * @param {number} question counted from 0, at most the first without an answer
 * @param {Answer} answer in place of an earlier one
 * @returns {TestRecord}
 */
export function withAnswer(record, round, question, answer) {
  const answers = [...record[round].answers];
  answers[question] = answer;
  return { ...record, [round]: { answers, done: false } };
}

/**
 * @param {TestRecord} record
 * @param {Round} round all of whose questions have answers
 * @returns {TestRecord}
 */
export function finished(record, round) {
  return { ...record, [round]: { ...record[round], done: true } };
}

/**
 * @param {TestRecord} record
 * @param {Round} round
 * @param {Right} right
 * @returns {boolean[] | null} whether each answer is right, null where the round is not done
 */
export function marksOf(record, round, right) {
  const { answers, done } = record[round];
  return done ? right[formOf(record, round)].map((option, i) => answers[i] === option) : null;
}
