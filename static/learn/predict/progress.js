/**
 * How far a reader has come in each lesson, kept in the tab.
 *
 * @typedef {object} Progress
 * @property {string} predicted as in predicted.js
 * @property {number | null} left questions to predict, null before the lesson was opened
 * @property {string} own the answer in the reader's own words
 * @property {boolean} isCompared whether the model answer was opened
 */

import { keptInTab } from "../../page/tab.js";

/** @type {Progress} */
const NONE = { predicted: "", left: null, own: "", isCompared: false };
const kept = keptInTab("lessons");
/** @type {Set<() => void>} */
const listeners = new Set();

/**
 * @param {string} lesson
 * @returns {Progress}
 */
export function progressIn(lesson) {
  return { ...NONE, ...kept.read()?.[lesson] };
}

/**
 * @param {string} lesson
 * @param {Partial<Progress>} changes
 */
export function keepProgress(lesson, changes) {
  kept.write({ ...kept.read(), [lesson]: { ...progressIn(lesson), ...changes } });
  for (const listener of listeners) listener();
}

/** @param {() => void} listener called after each change */
export function onProgress(listener) {
  listeners.add(listener);
}

/** @param {Progress} progress */
export function isDone({ left, isCompared }) {
  return left === 0 && isCompared;
}

/**
 * What the list of lessons says.
 *
 * @param {Progress} progress
 */
export function leftWords(progress) {
  const { left, isCompared } = progress;
  if (isDone(progress)) return "Done";
  if (left === null) return "Not started";
  const questions = left + (isCompared ? 0 : 1);
  return questions === 1 ? "1 question left" : `${questions} questions left`;
}

/**
 * What the end of a lesson says.
 *
 * @param {Progress} progress
 */
export function progressWords({ left, isCompared }) {
  if (left === 0 && isCompared) return "You have done this lesson.";
  const open = [];
  if (left) open.push(left === 1 ? "one question to predict" : `${left} questions to predict`);
  if (!isCompared) open.push("your own words, to compare with the model answer");
  return `Still to do: ${open.join(", and ")}.`;
}
