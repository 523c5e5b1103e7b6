import assert from "node:assert/strict";
import { test } from "node:test";

import { sorted } from "../../../static/page/sorted.js";

const idsBy = (values, isFalling) =>
  sorted(
    values.map((value, i) => ({ id: i + 1, value })),
    ({ value }) => value,
    isFalling,
  ).map(({ id }) => id);

test("rows are sorted by numbers and by texts, both ways", () => {
  assert.deepEqual(idsBy([3, 1, 2], false), [2, 3, 1]);
  assert.deepEqual(idsBy([3, 1, 2], true), [1, 3, 2]);
  assert.deepEqual(idsBy(["b", "a", "C"], false), [2, 1, 3]);
});

test("a row without a value comes last whichever way, and equal rows keep the order of their ids", () => {
  assert.deepEqual(idsBy([null, 5, 5, 1], false), [4, 2, 3, 1]);
  assert.deepEqual(idsBy([null, 5, 5, 1], true), [2, 3, 4, 1]);
});

test("layers compare by their neurons, layer by layer, and a shorter list comes first", () => {
  assert.deepEqual(idsBy([[30], [16, 16], [16], [100]], false), [3, 2, 1, 4]);
});
