import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ACTIVATIONS,
  backprop,
  COSTS,
  descend,
  feedforward,
  meanCost,
  readLayers,
} from "../../../static/take-home/network.js";

/** Numbers in -1..1 that are the same each time. */
function numbers(count, seed = 1) {
  return Array.from({ length: count }, (_, i) => Math.sin(1000 * (i + 1) * (seed + 0.1)));
}

function made(activation, cost, sizes = [4, 3, 3, 2]) {
  const layers = sizes.slice(1).map((neurons, l) => ({
    weights: Array.from({ length: neurons }, (_, j) => numbers(sizes[l], l + j)),
    biases: numbers(neurons, l),
  }));
  return { layers, activation, cost };
}

const EXAMPLES = [
  { input: [0.2, 0.9, 0, 0.4], wanted: [1, 0] },
  { input: [0.7, 0.1, 0.3, 1], wanted: [0, 1] },
];

test("a feedforward worked out by hand", () => {
  const layers = [
    {
      weights: [
        [1, -1],
        [2, 0.5],
      ],
      biases: [0, -1],
    },
    { weights: [[1, 1]], biases: [0.5] },
  ];
  const [input, hidden, output] = feedforward({ layers, activation: "relu", cost: "quadratic" }, [1, 2]);
  assert.deepEqual(input, [1, 2]);
  assert.deepEqual(hidden, [0, 2]);
  assert.equal(output[0], 1 / (1 + Math.exp(-2.5)));
});

for (const activation of Object.keys(ACTIVATIONS)) {
  for (const cost of Object.keys(COSTS)) {
    test(`${activation} with ${cost}: backprop finds the slope of the cost by each number`, () => {
      const network = made(activation, cost);
      const [example] = EXAMPLES;
      const gradient = backprop(network, example);
      const nudge = 1e-5;
      const slopeBy = (numbers, i) => {
        const before = numbers[i];
        const costs = [before + nudge, before - nudge].map((value) => {
          numbers[i] = value;
          return meanCost(network, [example]);
        });
        numbers[i] = before;
        return (costs[0] - costs[1]) / (2 * nudge);
      };
      network.layers.forEach(({ weights, biases }, l) => {
        biases.forEach((_, j) => {
          assert.ok(Math.abs(gradient[l].biases[j] - slopeBy(biases, j)) < 1e-7);
          weights[j].forEach((_, k) => {
            assert.ok(Math.abs(gradient[l].weights[j][k] - slopeBy(weights[j], k)) < 1e-7);
          });
        });
      });
    });

    test(`${activation} with ${cost}: steps of gradient descent lower the cost of the examples`, () => {
      const network = made(activation, cost);
      for (let step = 0; step < 100; step++) {
        const before = meanCost(network, EXAMPLES);
        descend(network, EXAMPLES, 0.01);
        assert.ok(meanCost(network, EXAMPLES) < before);
      }
    });

    test(`${activation} with ${cost}: probabilities add up to 1, however large the numbers`, () => {
      const network = made(activation, cost);
      network.layers[2].biases = [-900, 900];
      const outputs = feedforward(network, EXAMPLES[0].input)[3];
      const [first, second] = COSTS[cost].probabilities(outputs);
      assert.ok(Math.abs(first + second - 1) < 1e-12);
      assert.ok(Number.isFinite(meanCost(network, EXAMPLES)));
    });
  }
}

test("a step goes against the mean of the examples' gradients", () => {
  const network = made("sigmoid", "cross-entropy");
  const before = structuredClone(network.layers);
  const [one, other] = EXAMPLES.map((example) => backprop(network, example));
  descend(network, EXAMPLES, 0.5);
  const expected = before[1].weights[2][0] - 0.5 * ((one[1].weights[2][0] + other[1].weights[2][0]) / 2);
  assert.ok(Math.abs(network.layers[1].weights[2][0] - expected) < 1e-15);
});

test("the numbers are read in the order in which the server keeps them", () => {
  const numbers = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const base64 = btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));
  const first = {
    weights: [
      [1, 3],
      [2, 4],
    ],
    biases: [5, 6],
  };
  assert.deepEqual(readLayers([2, 2, 1], base64), [first, { weights: [[7, 8]], biases: [9] }]);
});
