import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {Map<string, string>} */
const storage = new Map();
globalThis.sessionStorage = /** @type {any} */ ({
  getItem: (key) => storage.get(key) ?? null,
  setItem: (key, value) => storage.set(key, value),
});
const { isDone, keepProgress, onProgress, leftWords, progressIn, progressWords } = await import(
  "../../../static/learn/predict/progress.js"
);

beforeEach(() => storage.clear());

test("a lesson that was not opened has no progress", () => {
  assert.deepEqual(progressIn("slope"), { predicted: "", left: null, own: "", isCompared: false });
  assert.equal(isDone(progressIn("slope")), false);
});

test("each lesson keeps its own progress, and a change keeps the rest", () => {
  keepProgress("slope", { own: "steep", left: 2 });
  keepProgress("cost", { own: "dear" });
  keepProgress("slope", { left: 1 });
  assert.equal(progressIn("slope").own, "steep");
  assert.equal(progressIn("slope").left, 1);
  assert.equal(progressIn("cost").own, "dear");
});

test("listeners hear of each change", () => {
  const heard = [];
  onProgress(() => heard.push(progressIn("slope").left));
  keepProgress("slope", { left: 2 });
  keepProgress("slope", { left: 1 });
  assert.deepEqual(heard, [2, 1]);
});

test("a lesson is done when no question is left and the answers were compared", () => {
  const words = (left, isCompared) => progressWords({ predicted: "", own: "", left, isCompared });
  assert.equal(words(0, true), "You have done this lesson.");
  assert.equal(words(1, true), "Still to do: one question to predict.");
  assert.match(words(2, false), /^Still to do: 2 questions to predict, and your own words/);
  assert.match(words(0, false), /^Still to do: your own words/);
  assert.equal(isDone({ predicted: "", own: "", left: 0, isCompared: false }), false);
  assert.equal(isDone({ predicted: "", own: "", left: 1, isCompared: true }), false);
});

test("the list of lessons counts what is left, the own words too", () => {
  const words = (left, isCompared) => leftWords({ predicted: "", own: "", left, isCompared });
  assert.equal(words(null, false), "Not started");
  assert.equal(words(3, false), "4 questions left");
  assert.equal(words(0, false), "1 question left");
  assert.equal(words(1, true), "1 question left");
  assert.equal(words(0, true), "Done");
});
