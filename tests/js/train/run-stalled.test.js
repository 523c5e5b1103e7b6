import assert from "node:assert/strict";
import { test } from "node:test";

import { isStalled } from "../../../static/train/run/run-stalled.js";

const AT_CHANCE = { accuracy: 0.1135, gradient_norm: 0.1 };

/** @param {object} same in all epochs @param {number[]} costs */
const epochs = (same, costs) => costs.map((cost) => ({ cost, ...same }));

test("a run has stopped learning when its gradient stays 0", () => {
  const flat = epochs({ accuracy: 0.3, gradient_norm: 0 }, [1, 1, 1, 1, 1]);
  assert.ok(isStalled(flat, 10));
  assert.ok(!isStalled([...flat, { ...flat[0], gradient_norm: 0.01 }], 10));
  assert.ok(!isStalled(epochs({ accuracy: 1, gradient_norm: 0 }, [0, 0, 0, 0, 0]), 10)); // nothing is left to learn
});

test("a run has stopped learning when it stays at chance while its cost goes up and down", () => {
  const costs = [2.31, 2.37, 2.3, 2.34, 2.31];
  assert.ok(isStalled(epochs(AT_CHANCE, costs), 10));
  assert.ok(!isStalled(epochs(AT_CHANCE, costs.slice(1)), 10)); // too early to say
  assert.ok(!isStalled(epochs({ ...AT_CHANCE, accuracy: 0.2 }, costs), 10));
  assert.ok(isStalled(epochs({ ...AT_CHANCE, accuracy: 0.5 }, costs), 2));
});

test("a run that learns slowly has not stopped: its cost falls in each epoch", () => {
  assert.ok(!isStalled(epochs(AT_CHANCE, [2.35, 2.34, 2.33, 2.32, 2.31]), 10));
});
