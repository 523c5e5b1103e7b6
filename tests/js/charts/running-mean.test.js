import assert from "node:assert/strict";
import { test } from "node:test";

import { runningMean } from "../../../static/charts/running-mean.js";

test("the mean of equal values is that value from the first point on", () => {
  const points = Array.from({ length: 50 }, (_, x) => ({ x, y: 3 }));
  for (const { y } of runningMean(points)) assert.ok(Math.abs(y - 3) < 1e-12);
});

test("older points count ever less", () => {
  const means = runningMean(
    [0, 0, 0, 12].map((y, x) => ({ x, y })),
    2,
  );
  assert.deepEqual(means[3], { x: 3, y: 12 / (1 + 1 / 2 + 1 / 4 + 1 / 8) });
});
