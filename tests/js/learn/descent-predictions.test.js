import assert from "node:assert/strict";
import { test } from "node:test";
import { digitOutcome, noiseOutcome, raceOutcome } from "../../../static/learn/descent/descent-predictions.js";

const run = (costs, batch = 32) => ({ costs, settings: { rate: 0.1, batch, seed: 1 } });

test("the cost falls at every step, at most, or at about half", () => {
  const every = noiseOutcome(run([3, 2, 1]));
  assert.equal(every.truth, "all");
  assert.match(every.why, /at each of 2 steps/);
  assert.equal(noiseOutcome(run([5, 4, 3, 4, 3, 2])).truth, "most");
  const half = noiseOutcome(run([5, 4, 6, 5, 7]));
  assert.equal(half.truth, "half");
  assert.match(
    half.why,
    /with the step before, it fell 2 times and rose 2 times, because each step measures 32 other images/,
  );
});

test("the rate whose cost is lower at the end wins the race", () => {
  const runs = [0.03, 0.3].map((rate) => ({ settings: { rate, batch: 32, seed: 1 } }));
  const frames = (a, b) => [a, b].map((cost) => ({ step: 240, cost }));
  const fast = raceOutcome(runs, frames(0.29, 0.21));
  assert.equal(fast.truth, "fast");
  assert.match(fast.why, /^After 240 steps the cost is 0\.29 with η = 0\.03 and 0\.21 with η = 0\.3:/);
  assert.equal(raceOutcome(runs, frames(0.2, 0.3)).truth, "slow");
});

test("the cost of a digit rises where its probability falls", () => {
  const rises = digitOutcome({ digit: 7, before: 0.5, after: 0.25 });
  assert.equal(rises.truth, "rises");
  assert.match(rises.why, /rose from 0\.6931 to 1\.386: the probability of 7 went from 50% to 25%/);
  assert.equal(digitOutcome({ digit: 7, before: 0.25, after: 0.5 }).truth, "falls");
});
