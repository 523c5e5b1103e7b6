import assert from "node:assert/strict";
import { test } from "node:test";

import { largest } from "../../../static/charts/heat-colours.js";
import { cellAfter } from "../../../static/charts/heat-map.js";

test("largest is the greatest distance from 0", () => {
  assert.equal(largest([1, -3, 2]), 3);
  assert.equal(largest([]), 0);
});

test("arrow keys walk a grid and stop at its edges, Home and End go to the ends of the row", () => {
  const after = (key, cell) => cellAfter(key, cell, 3, 2); // 0 1 2 / 3 4 5
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].map((key) => after(key, 4)),
    [...[3, 5, 1, 4, 3, 5]],
  );
  assert.equal(after("ArrowLeft", 0), 0);
  assert.equal(after("a", 4), null);
});
