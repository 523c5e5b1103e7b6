import assert from "node:assert/strict";
import { test } from "node:test";

import { neuronName, parameterCode, parameterName, pixelName } from "../../../static/network/parameter-name.js";

const named = (layer, neuron, input, sizes) => [
  parameterName({ layer, neuron, input }, sizes),
  parameterCode({ layer, neuron, input }, sizes),
];

test("a weight is named by what it joins, counted from 1", () => {
  assert.deepEqual(named(1, 2, 13 * 28 + 8), [
    "weight from pixel (row 14, column 9) to neuron 3 of the first hidden layer",
    "w1[3,373]",
  ]);
  assert.deepEqual(named(2, 15, 4), [
    "weight from neuron 5 of the first hidden layer to neuron 16 of the second hidden layer",
    "w2[16,5]",
  ]);
});

test("an output is called by its digit", () => {
  assert.deepEqual(named(3, 7, 0), ["weight from neuron 1 of the second hidden layer to output 7", "w3[7,1]"]);
  assert.deepEqual(named(3, 7, null), ["bias of output 7", "b3[7]"]);
  assert.equal(neuronName(3, 0), "output 0");
});

test("the only hidden layer has no number", () => {
  assert.deepEqual(named(1, 0, null, [784, 30, 10]), ["bias of neuron 1 of the hidden layer", "b1[1]"]);
});

test("a pixel is named by its row and column", () => {
  assert.equal(pixelName(28), "pixel (row 2, column 1)");
});
