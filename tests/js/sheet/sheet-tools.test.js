import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOfKey } from "../../../static/sheet/sheet-tools.js";

const keys = (key, ...held) => actionOfKey({ key, ...Object.fromEntries(held.map((name) => [`${name}Key`, true])) });

test("Ctrl or Command with Z undoes, with Shift besides it redoes, as Ctrl with Y does", () => {
  assert.deepEqual([keys("z", "ctrl"), keys("z", "meta")], ["undo", "undo"]);
  assert.deepEqual([keys("Z", "ctrl", "shift"), keys("y", "ctrl")], ["redo", "redo"]);
});

test("Delete clears, and Backspace does not", () => {
  assert.deepEqual([keys("Delete"), keys("Backspace")], ["clear", null]);
});

test("other keys are the browser's", () => {
  assert.deepEqual(
    [keys("z"), keys("z", "ctrl", "alt"), keys("y", "ctrl", "shift"), keys("Delete", "ctrl")],
    [...[null, null, null, null]],
  );
});
