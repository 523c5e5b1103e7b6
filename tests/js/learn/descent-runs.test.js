import assert from "node:assert/strict";
import { test } from "node:test";
import { restarted, runOf } from "../../../static/learn/descent/descent-runs.js";

const SETTINGS = { rate: 0.1, batch: 32, seed: 1 };

test("the same settings give the same descent, others another", () => {
  const run = runOf(SETTINGS);
  assert.equal(runOf({ ...SETTINGS }), run);
  assert.notEqual(runOf({ ...SETTINGS, seed: 2 }), run);
});

test("a restarted descent keeps its start, has no costs, and replaces the old one", () => {
  const run = runOf({ ...SETTINGS, batch: 10 });
  run.costs.push(2);
  run.start = { step: 0, cost: 2, accuracy: 0.1, norm: 1, seconds: 0, probabilities: null, weights: [0.5] };
  const again = restarted(run);
  assert.deepEqual([again.costs, again.start, again.settings], [[], run.start, run.settings]);
  assert.equal(runOf(run.settings), again);
});
