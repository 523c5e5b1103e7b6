import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../static/sheet/history.js";

test("undo and redo walk through the states", () => {
  const history = new History("blank");
  history.push("one");
  history.push("two");
  history.undo();
  assert.equal(history.now, "one");
  history.undo();
  assert.deepEqual([history.now, history.canUndo, history.canRedo], ["blank", false, true]);
  history.redo();
  assert.equal(history.now, "one");
});

test("a new state ends what could be redone", () => {
  const history = new History("blank");
  history.push("one");
  history.undo();
  history.push("other");
  assert.equal(history.canRedo, false);
  history.redo();
  assert.equal(history.now, "other");
});

test("undo at the start changes nothing", () => {
  const history = new History("blank");
  history.undo();
  assert.deepEqual([history.now, history.canRedo], ["blank", false]);
});
