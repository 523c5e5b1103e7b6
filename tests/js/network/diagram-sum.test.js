import assert from "node:assert/strict";
import { test } from "node:test";

import { exactly, strongest, sumOf, weightedInput } from "../../../static/network/diagram-sum.js";

test("the strongest numbers are those furthest from 0, the furthest first", () => {
  assert.deepEqual(strongest([1, -5, 0, 3, -2], 3), [1, 3, 4]);
  assert.deepEqual(strongest([1], 3), [0]);
});

test("the weighted input is the sum of weight times activation, and the bias", () => {
  assert.equal(weightedInput({ weights: [[9], [2, -3]], biases: [9, 0.5] }, 1, [1, 2]), -3.5);
});

test("what is written of a sum adds up in whole units of the last decimal", () => {
  const weights = [0.3333, -0.6666, 0.1111, 0.2222];
  const inputs = [1, 1, 1, 1];
  const { terms, rest, others, bias, z } = sumOf(weights, inputs, { bias: 0.12345, z: 0.1234, count: 2, decimals: 3 });
  assert.deepEqual(
    terms.map(({ input, product }) => [input, product]),
    [
      [1, -0.667],
      [0, 0.333],
    ],
  );
  assert.equal(others, 2);
  const units = [...terms.map(({ product }) => product), rest, bias].reduce(
    (sum, one) => sum + Math.round(one * 1000),
    0,
  );
  assert.equal(units, Math.round(z * 1000));
});

test("where the activation tells z, z is read off it", () => {
  assert.equal(exactly([0.1, 1], -0.05, -0.49), -0.5);
  assert.equal(exactly([0.1, 1], 2, 1.9), 2);
  assert.equal(exactly([0, 1], 2, 1.9), 2);
  assert.equal(exactly([0, 1], 0, -1.9), -1.9);
  assert.equal(exactly(null, 0.5, 0.01), 0.01);
});
