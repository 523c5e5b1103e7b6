import assert from "node:assert/strict";
import { test } from "node:test";

import {
  activation,
  givesBack,
  gradient,
  hiddenDelta,
  nudged,
  outputDelta,
  shares,
  slope,
  weightedInput,
} from "../../../static/rooms/game/neuron.js";

const neuron = { weights: [0.5, -2], bias: 0.25 };

test("a neuron adds up weight times input, and its bias", () => {
  assert.equal(weightedInput(neuron, [1, 0.5]), -0.25);
  assert.equal(weightedInput(neuron, Float64Array.of(1, 0.5)), -0.25);
});

test("what is below 0 passes as a tenth, and its slope is a tenth", () => {
  assert.deepEqual([activation(2), activation(-2), activation(0)], [2, -0.2, 0]);
  assert.deepEqual([slope(2), slope(-0.2)], [1, 0.1]);
  assert.equal(hiddenDelta(4, -0.2), 0.4);
});

test("an output's delta is its answer less what is wanted, shared among the batch", () => {
  assert.equal(outputDelta(0.75, true, 2), -0.125);
  assert.equal(outputDelta(0.75, false, 2), 0.375);
});

test("the answers are shares that add up to 1, however large the sums", () => {
  assert.deepEqual(shares([1000, 1000, -1000]), [0.5, 0.5, 0]);
});

test("a neuron gives back weight times delta to each neuron before it", () => {
  assert.deepEqual(givesBack(neuron, [1, 2]), [
    [0.5, 1],
    [-2, -4],
  ]);
});

test("the gradient adds up delta times input over the batch", () => {
  const befores = [
    [1, 0],
    [3, 4],
  ];
  assert.deepEqual(gradient([1, 2], befores), { weights: [7, 8], bias: 3 });
});

test("a nudge goes against the gradient", () => {
  assert.deepEqual(nudged(neuron, { weights: [1, -1], bias: 2 }, 0.5), { weights: [0, -1.5], bias: -0.75 });
});

test("the gradient is the slope of the cost", () => {
  const input = [0.3, 0.8];
  const weights = [0.4, -0.7];
  /** One hidden neuron whose output neuron has weight 3. @param {number[]} tried */
  const cost = (tried) =>
    -Math.log(shares([3 * activation(weightedInput({ weights: tried, bias: 0.1 }, input)), 0.5])[0]);
  const a = activation(weightedInput({ weights, bias: 0.1 }, input));
  const delta = outputDelta(shares([3 * a, 0.5])[0], true, 1);
  const found = gradient([hiddenDelta(3 * delta, a)], [input]);
  const h = 1e-6;
  weights.forEach((_, k) => {
    /** @param {number} by */
    const moved = (by) => weights.map((weight, i) => (i === k ? weight + by : weight));
    const expected = (cost(moved(h)) - cost(moved(-h))) / (2 * h);
    assert.ok(Math.abs(found.weights[k] - expected) < 1e-8);
  });
});
