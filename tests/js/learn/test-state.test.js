import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkedRecord,
  finished,
  formOf,
  marksOf,
  newRecord,
  roundOf,
  withAnswer,
} from "../../../static/learn/test/test-state.js";

const RIGHT = { a: [0, 1, 2], b: [2, 0, 1] };

function taken(record, round, answers) {
  return finished(
    answers.reduce((so, answer, i) => withAnswer(so, round, i, answer), record),
    round,
  );
}

test("the other form comes after the lessons", () => {
  for (const [first, second] of ["ab", "ba"]) {
    const record = newRecord(first);
    assert.deepEqual([formOf(record, "before"), formOf(record, "after")], [first, second]);
  }
});

test("the second round begins once the first is finished, not once its last question is answered", () => {
  let record = newRecord("a");
  for (const place of [0, 1, 2]) record = withAnswer(record, "before", place, 0);
  assert.equal(roundOf(record), "before");
  assert.equal(roundOf(finished(record, "before")), "after");
});

test("an answer can be changed, and the record before stays as it was", () => {
  const first = withAnswer(newRecord("a"), "before", 0, 1);
  const second = withAnswer(first, "before", 0, null);
  assert.deepEqual([first.before.answers, second.before.answers], [[1], [null]]);
});

test("each round is marked by its own form, and “I don't know” is not right", () => {
  const before = taken(newRecord("b"), "before", [2, null, 0]);
  assert.deepEqual(marksOf(before, "before", RIGHT), [true, false, false]);
  assert.equal(marksOf(before, "after", RIGHT), null);
  assert.deepEqual(marksOf(taken(before, "after", [0, 1, 2]), "after", RIGHT), [true, true, true]);
});

test("what was kept is read back", () => {
  const record = taken(newRecord("b"), "before", [2, null, 0]);
  assert.deepEqual(checkedRecord(JSON.parse(JSON.stringify(record)), 3), record);
});

test("a record that is damaged or of another version is ignored", () => {
  const good = taken(newRecord("a"), "before", [0, 1, 2]);
  const half = { answers: [0], done: true };
  const damaged = [
    null,
    7,
    "",
    [],
    { ...good, version: 0 },
    { ...good, first: "c" },
    { ...good, after: undefined },
    { ...good, before: half },
    { ...good, before: { answers: "012", done: true } },
    { ...good, before: { answers: [0, 1, -2], done: true } },
    { ...good, before: { answers: [0, 1, "2"], done: true } },
    { ...good, before: { answers: [0, 1, 2, 0], done: true } },
    { ...good, before: { answers: [0, 1, 2] } },
    { ...good, after: { answers: [0, 1, 2, 0], done: false } },
  ];
  for (const value of damaged) assert.equal(checkedRecord(value, 3), null, JSON.stringify(value));
});
