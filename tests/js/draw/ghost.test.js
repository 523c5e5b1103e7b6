import assert from "node:assert/strict";
import { test } from "node:test";

import { eased } from "../../../static/draw/ghost/ghost.js";

test("the ghost's hand goes all the way, never back, and slowest at both ends", () => {
  const way = Array.from({ length: 101 }, (_, i) => eased(i / 100));
  const steps = way.slice(1).map((share, i) => share - way[i]);

  assert.deepEqual([way[0], Math.round(1e12 * way[100]) / 1e12], [0, 1]);
  assert.ok(steps.every((step) => step > 0));
  assert.ok(steps[0] < steps[49] && steps[99] < steps[49]);
});
