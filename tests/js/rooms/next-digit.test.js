import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, nextDigit } from "../../../static/rooms/pupil/next-digit.js";

test("drawings are counted by their digit, without removed ones and those of no digit", () => {
  const drawings = [
    { label: 3, status: "kept" },
    { label: 3 },
    { label: 3, status: "removed" },
    { label: null, status: "kept" },
  ];
  assert.deepEqual(countsOf(drawings), [0, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
});

test("the digit that was drawn least is next", () => {
  assert.equal(nextDigit([2, 2, 2, 2, 1, 2, 2, 2, 2, 2], 1), 4);
});

test("pupils begin at different digits, and each comes to all of them", () => {
  const counts = Array(10).fill(0);
  assert.deepEqual(
    [1, 2, 13].map((pupil) => nextDigit(counts, pupil)),
    [1, 2, 3],
  );
  for (let i = 0; i < 10; i++) counts[nextDigit(counts, 7)]++;
  assert.deepEqual(counts, Array(10).fill(1));
});
