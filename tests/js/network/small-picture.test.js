import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../../../static/network/small-picture.js";

test("an output is in the middle of its bar, and no neuron is cut off or touches the next", () => {
  for (const counts of [[16, 16, 10], [32, 10], [10]]) {
    const { columns } = layOut(counts, 340, 510);

    assert.deepEqual(
      [...columns.at(-1).ys],
      Array.from({ length: 10 }, (_, n) => 51 * n + 25.5),
    );
    for (const { xs, ys, radius } of columns) {
      assert.ok(xs.every((x) => x - radius >= 0 && x + radius <= 340));
      assert.ok(ys.every((y, n) => y - radius >= 0 && y + radius <= 510 && (n === 0 || y - ys[n - 1] > 2 * radius)));
    }
  }
});
