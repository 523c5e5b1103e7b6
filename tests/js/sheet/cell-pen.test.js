import assert from "node:assert/strict";
import { test } from "node:test";

import { AT_REST, described, moved, pointOf } from "../../../static/sheet/cell-pen.js";

test("the pen starts in the middle, raised", () => {
  assert.equal(described(AT_REST), "Pen up, column 15, row 15");
});

test("arrow keys move the pen by one cell, and other keys don't", () => {
  assert.deepEqual(moved(AT_REST, "ArrowLeft"), { column: 13, row: 14, isDown: false });
  assert.deepEqual(moved({ column: 0, row: 27, isDown: true }, "ArrowDown"), { column: 0, row: 27, isDown: true });
  assert.equal(moved(AT_REST, "a"), null);
});

test("the pen draws in the middle of its cell", () => {
  assert.deepEqual(pointOf({ column: 0, row: 27 }), { x: 0.5 / 28, y: 27.5 / 28 });
});
