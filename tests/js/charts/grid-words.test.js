import assert from "node:assert/strict";
import { test } from "node:test";

import { gridWords } from "../../../static/charts/grid-words.js";
import { inkPlace, seenWords } from "../../../static/page/ink-place.js";

test("a grid is told by its lowest and its highest number, and where they are", () => {
  assert.equal(
    gridWords(Float32Array.of(0, 0.42, 0, -0.317, 0, 0), 3),
    "Lowest: −0.32 in row 2, column 1. Highest: 0.42 in row 1, column 2.",
  );
});

test("a single row has columns only", () => {
  assert.equal(gridWords([3, 1, 2], 3), "Lowest: 1 in column 2. Highest: 3 in column 1.");
});

test("a grid of equal numbers, and an empty one, have no places", () => {
  assert.equal(gridWords([0, 0, 0, 0], 2), "Each is 0.");
  assert.equal(gridWords([], 28), "Nothing yet.");
});

test("the place of the ink is given in rows and columns from 1", () => {
  const pixels = [0, 0, 0, 0, 255, 9, 0, 0, 0];
  assert.equal(inkPlace({ width: 3, height: 3, pixels }), "ink in rows 2 to 2 of 3, columns 2 to 3 of 3");
  assert.equal(inkPlace({ width: 1, height: 1, pixels: [0] }), "no ink");
});

test("what a network saw is told by its ink", () => {
  const input = new Float32Array(784).fill(1, 3 * 28, 4 * 28);
  assert.match(seenWords(input), /network saw: ink in rows 4 to 4 of 28, columns 1 to 28 of 28$/);
});
