import assert from "node:assert/strict";
import { test } from "node:test";

import { evenly } from "../../../static/charts/chart-table.js";

test("of many items a few are chosen evenly, the first and the last among them", () => {
  const items = Array.from({ length: 101 }, (_, i) => i);
  assert.deepEqual(evenly(items, 5), [0, 25, 50, 75, 100]);
  assert.deepEqual(evenly([1, 2], 5), [1, 2]);
});
