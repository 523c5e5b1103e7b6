import assert from "node:assert/strict";
import { test } from "node:test";

import { thinned } from "../../../static/charts/thinned.js";

test("each column keeps its first, lowest, highest and last point", () => {
  const points = [5, 9, 1, 6, 7, 2, 3].map((y, x) => ({ x, y }));
  assert.deepEqual(
    thinned(points, (x) => x / 5).map(({ x }) => x),
    [0, 1, 2, 4, 5, 6],
  );
});

test("points of columns of their own all stay", () => {
  const points = [3, 1, 2].map((y, x) => ({ x, y }));
  assert.deepEqual(
    thinned(points, (x) => x),
    points,
  );
});

test("a hundred thousand points become at most four a column, with the extremes among them", () => {
  const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: Math.sin(x) }));
  points[54_321].y = 100;
  const kept = thinned(points, (x) => x / 1000);
  assert.ok(kept.length <= 400);
  assert.ok(kept.includes(points[54_321]));
});
