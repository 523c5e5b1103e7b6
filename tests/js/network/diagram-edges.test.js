import assert from "node:assert/strict";
import { test } from "node:test";

import { Edges } from "../../../static/network/diagram-edges.js";

// Two neurons over four pixels, and one output.
const PARAMETERS = {
  layers: [
    {
      weights: [
        [1, 2, 3, 4],
        [-8, 1, 1, 1],
      ],
      biases: [0, 0],
    },
    { weights: [[0.5, -2]], biases: [0] },
  ],
};
const INPUT = [1, 1, 0, 1];
const NOTHING = { chosen: null, pixel: null };

test("each neuron shows its three strongest edges from pixels, and the strongest of all is known", () => {
  const { edges, full } = new Edges().fromPixels(PARAMETERS, INPUT, NOTHING);
  assert.deepEqual(
    edges.filter(({ neuron }) => neuron === 0).map(({ pixel, product }) => [pixel, product]),
    [
      [3, 4],
      [1, 2],
      [0, 1],
    ],
  );
  assert.equal(edges.length, 6);
  assert.equal(full, 8);
});

test("a chosen neuron shows its own edges alone, a chosen pixel its edge to each neuron", () => {
  const edges = new Edges();
  const ofNeuron = edges.fromPixels(PARAMETERS, INPUT, { chosen: { layer: 1, neuron: 1 }, pixel: null });
  assert.ok(ofNeuron.edges.every(({ neuron }) => neuron === 1));
  const ofPixel = edges.fromPixels(PARAMETERS, INPUT, { chosen: null, pixel: 0 });
  assert.deepEqual(
    ofPixel.edges.map(({ neuron, product }) => [neuron, product]),
    [
      [0, 1],
      [1, -8],
    ],
  );
});

test("between later layers an edge is weight times the activation that it comes from", () => {
  const [, products] = new Edges().between(PARAMETERS, [[2, 3], [1]]);
  assert.deepEqual([...products], [1, -6]);
});
