import assert from "node:assert/strict";
import { test } from "node:test";

import { parameterOf, textOf, valueAt } from "../../../static/network/parameter-address.js";

test("a weight and a bias come back from their text", () => {
  for (const text of ["1.3.400", "2.15.0", "3.9.b"]) assert.equal(textOf(parameterOf(text)), text);
  assert.deepEqual(parameterOf("2.5.b"), { layer: 2, neuron: 5, input: null });
});

test("what names no parameter of the network is null", () => {
  for (const text of ["", "0.0.0", "4.0.0", "1.16.0", "1.0.784", "3.10.b", "2.0.16", "1.2", "1.2.x", " 1.2.3"]) {
    assert.equal(parameterOf(text), null, text);
  }
});

test("a parameter's value is found among the layers", () => {
  const layers = [{ weights: [[1, 2, 3]], biases: [4] }];
  assert.equal(valueAt(layers, { layer: 1, neuron: 0, input: 2 }), 3);
  assert.equal(valueAt(layers, { layer: 1, neuron: 0, input: null }), 4);
});
