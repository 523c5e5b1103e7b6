import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, largestOfFirst } from "../../../static/draw/learning/learning-changes.js";
import { furthest, sumBehind } from "../../../static/draw/learning/learning-deltas.js";
import { countedSteps } from "../../../static/draw/learning/learning-steps.js";

test("a hidden delta is its slope times the sum of weights times the deltas behind them", () => {
  const backprop = {
    before: [
      { weights: [], biases: [] },
      {
        weights: [
          [1, 2],
          [3, -4],
        ],
        biases: [],
      },
    ],
    slopes: [[1, 0.5]],
    deltas: [
      [0, 0.9],
      [0.2, -0.35],
    ],
  };
  const { terms, sum, slope, delta } = sumBehind(backprop, 1, 1);
  assert.deepEqual(
    terms.map(({ weight, delta: one }) => [weight, one]),
    [
      [2, 0.2],
      [-4, -0.35],
    ],
  );
  assert.ok(Math.abs(slope * sum - delta) < 1e-12);
});

test("furthest from 0 is the place of the largest number, whatever its sign", () => {
  assert.equal(furthest([1, -3, 2]), 1);
});

test("a step changes each parameter against its slope, times the learning rate, and never by -0", () => {
  assert.deepEqual(changesOf([{ weights: [[2, 0]], biases: [-4] }], 0.5), [{ weights: [[-1, 0]], biases: [2] }]);
});

test("the weight with the steepest slope in the first layer is found", () => {
  const layer = {
    weights: [
      [1, 2],
      [-7, 3],
    ],
    biases: [90, 0],
  };
  assert.deepEqual(largestOfFirst([layer]), { layer: 1, neuron: 1, input: 0 });
});

test("steps are counted up to the most, and undone as they were taken", () => {
  const steps = countedSteps(15);
  steps.take(1);
  steps.take(10);
  assert.deepEqual([steps.count, steps.undoable], [11, 10]);
  steps.take(10);
  assert.deepEqual([steps.count, steps.undoable, steps.isFull], [15, 4, true]);
  steps.take(1);
  steps.undo();
  assert.equal(steps.count, 11);
  steps.startOver();
  steps.undo();
  assert.equal(steps.count, 0);
});
