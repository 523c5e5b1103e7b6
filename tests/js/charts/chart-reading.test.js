import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestPlace, nextPlace, placesOf, valueAt } from "../../../static/charts/chart-reading.js";

const LINES = [
  {
    points: [
      { x: 1, y: 5 },
      { x: 3, y: null },
      { x: 4, y: 2 },
    ],
  },
  { points: [{ x: 2, y: 1 }] },
];

test("the places are where any line has a value, rising", () => {
  assert.deepEqual(placesOf(LINES), [1, 2, 4]);
});

test("the nearest place wins, the lower one in the middle between two", () => {
  assert.deepEqual(
    [-9, 1.4, 1.5, 1.6, 99].map((x) => nearestPlace([1, 2, 4], x)),
    [1, 1, 1, 2, 4],
  );
  assert.equal(nearestPlace([], 3), null);
});

test("an arrow key begins at an end, goes on by one, and stays at the other end", () => {
  assert.equal(nextPlace([1, 2, 4], null, 1), 1);
  assert.equal(nextPlace([1, 2, 4], null, -1), 4);
  assert.equal(nextPlace([1, 2, 4], 2, 1), 4);
  assert.equal(nextPlace([1, 2, 4], 4, 1), 4);
  assert.equal(nextPlace([], 4, 1), null);
});

test("a line has its last value until its next point, and none outside its points", () => {
  const { points } = LINES[0];
  assert.deepEqual(
    [0, 1, 2, 3.5, 4, 5].map((x) => valueAt(points, x)),
    [null, 5, 5, null, 2, null],
  );
  assert.equal(valueAt([], 1), null);
});
