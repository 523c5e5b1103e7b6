import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changesOf,
  changesText,
  MAX_CHANGES,
  reachOf,
  steepest,
  withChange,
} from "../../../static/learn/network/network-changes.js";

const WEIGHT = { layer: 3, neuron: 3, input: 1, value: -2.5 };
const BIAS = { layer: 2, neuron: 5, input: null, value: 8 };

test("changes are read from the address as they were written there", () => {
  assert.deepEqual(changesOf("3.3.1_-2.5,2.5.b_8"), [WEIGHT, BIAS]);
  assert.equal(changesText([WEIGHT, BIAS]), "3.3.1_-2.5,2.5.b_8");
  assert.deepEqual(changesOf(""), []);
  const extreme = [
    { ...WEIGHT, value: -2.5e-8 },
    { ...BIAS, value: 1e6 },
  ];
  assert.deepEqual(changesOf(changesText(extreme)), extreme);
});

for (const [why, text] of [
  ["no value", "3.3.1"],
  ["an empty value", "3.3.1_"],
  ["a word as value", "3.3.1_x"],
  ["two values", "3.3.1_1_2"],
  ["a pixel beyond 783", "1.1.784_1"],
  ["a fourth layer", "4.1.1_1"],
  ["an input that is no number", "3.1.c_1"],
  ["a value beyond a million", "3.3.1_1e9"],
  ["one parameter twice", "3.3.1_1,3.3.1_2"],
]) {
  test(`an address with ${why} is malformed`, () => assert.equal(changesOf(text), null));
}

test("an address holds as many changes as the server takes, and no more", () => {
  const text = (count) => Array.from({ length: count }, (_, n) => `1.0.${n}_1`).join();
  assert.equal(changesOf(text(MAX_CHANGES)).length, MAX_CHANGES);
  assert.equal(changesOf(text(MAX_CHANGES + 1)), null);
});

test("a change is added, replaced in its place, and reset", () => {
  assert.deepEqual(withChange([WEIGHT], BIAS, 8), [WEIGHT, BIAS]);
  assert.deepEqual(withChange([WEIGHT, BIAS], WEIGHT, 4), [{ ...WEIGHT, value: 4 }, BIAS]);
  assert.deepEqual(withChange([WEIGHT, BIAS], WEIGHT, null), [BIAS]);
});

test("the slider reaches further in the first layer and for biases than in the last", () => {
  assert.deepEqual(
    [1, 2, 3].map((layer) => reachOf({ layer, neuron: 0, input: 0 })),
    [50, 10, 5],
  );
  assert.equal(reachOf(BIAS), 50);
});

test("the steepest parameters are one a layer, the steepest first, weights and biases alike", () => {
  const gradient = [
    { weights: [[0.1, -0.4]], biases: [0.2] },
    { weights: [[0.3], [0.1]], biases: [0.1, -0.9] },
  ];
  assert.deepEqual(steepest(gradient), [
    { layer: 2, neuron: 1, input: null },
    { layer: 1, neuron: 0, input: 1 },
  ]);
});
