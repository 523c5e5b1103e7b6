import assert from "node:assert/strict";
import { test } from "node:test";
import { extent } from "../../../static/learn/descent/descent-race.js";
import { DescentRun } from "../../../static/learn/descent/descent-run.js";
import { wordsOf } from "../../../static/learn/descent/descent-words.js";

function runWith(costs, { seed = 1, batch = 32, end = null } = {}) {
  const run = new DescentRun({ rate: 0.1, batch, seed });
  return Object.assign(run, { costs, end });
}

function frame(step, more = {}) {
  return { step, cost: 2, accuracy: 0.1, norm: 1.5, seconds: 0, probabilities: null, weights: null, ...more };
}

test("before the first step the network guesses", () => {
  const words = wordsOf([runWith([])], [frame(0, { accuracy: 0.097 })], "steps");
  assert.equal(
    words,
    "13,002 random numbers: it gets 97 of 1,000 other digits right, about as many as guessing would. The gradient's norm is 1.5.",
  );
});

test("after some steps the norm is compared with that of the start", () => {
  const run = runWith([2, 1]);
  assert.match(
    wordsOf([run], [frame(1, { accuracy: 0.5 })], "steps"),
    /^After 1 step it gets 500 of .* norm is 1\.5\.$/,
  );
  run.start = frame(0, { norm: 3.25 });
  assert.match(wordsOf([run], [frame(1_200)], "steps"), /^After 1,200 steps .* is 1\.5; at the start it was 3\.25\.$/);
});

test("a descent that diverged says after which step", () => {
  const words = wordsOf([runWith([2, 9], { end: 2 })], [frame(2)], "steps");
  assert.match(words, /^It diverged after step 2: /);
  assert.doesNotMatch(words, /digits right/);
});

test("a race starts from the same random numbers or from different ones", () => {
  const start = [frame(0), frame(0)];
  assert.equal(wordsOf([runWith([]), runWith([])], start, "steps"), "Both start from the same 13,002 random numbers.");
  assert.equal(
    wordsOf([runWith([]), runWith([], { seed: 2 })], start, "steps"),
    "Each starts from its own random numbers.",
  );
});

test("the run with the lower cost leads after equally many steps", () => {
  const runs = [runWith([2]), runWith([2])];
  const lead = (a, b) => wordsOf(runs, [frame(5, { cost: a }), frame(5, { cost: b })], "steps");
  assert.equal(lead(0.5, 0.75), "After 5 steps A leads: its cost is 0.5, that of B 0.75.");
  assert.equal(lead(0.75, 0.5), "After 5 steps B leads: its cost is 0.5, that of A 0.75.");
  assert.equal(lead(0.5, 0.5), "After 5 steps both have a cost of 0.5.");
});

test("against images, each run is compared at the step where it has seen as many", () => {
  // 32 and 10 images a step: after 50 steps B has seen 500, which A had after 15.
  const falling = Array.from({ length: 50 }, (_, i) => 2 - i / 50);
  const words = wordsOf([runWith(falling), runWith(falling, { batch: 10 })], [frame(50), frame(50)], "images");
  assert.match(words, /^After 500 images B leads: /);
  assert.match(words, / By then A has taken 15 steps, B 50 steps\.$/);
});

test("in a race the run that did not diverge leads", () => {
  const runs = [runWith([2, 2, 2]), runWith([2, 9], { end: 2 })];
  assert.match(wordsOf(runs, [frame(3), frame(2)], "steps"), /^B diverged after step 2: .* A leads\.$/);
  const gone = runWith([2, 9], { end: 2 });
  assert.match(wordsOf([gone, gone], [frame(2), frame(2)], "steps"), /^A diverged .* B diverged .* Neither leads\.$/);
});

test("the chart is at most four times as long as the shorter run", () => {
  const [small, full] = [runWith([], { batch: 32 }), runWith([], { batch: 0 })];
  assert.equal(extent([small, full], 100, "images"), 4 * 3_200);
  assert.equal(extent([small, full], 100, "steps"), 100);
  assert.equal(extent([small], 0, "steps"), 1);
});
