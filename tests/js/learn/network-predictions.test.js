import assert from "node:assert/strict";
import { test } from "node:test";
import { layerOutcome, otherOutcome, pixelOutcome } from "../../../static/learn/network/network-predictions.js";

const pixels = new Array(784).fill(0).fill(0.75, 600, 601);
const says = (digit) => ({ digit });
/** An answer with these shares of 7. */
const gives = (share) => ({ probabilities: new Array(10).fill((1 - share) / 9).fill(share, 7, 8) });

test("the weights that change the answer are those whose answer differs", () => {
  const outcomeOf = (corner, ink) =>
    pixelOutcome({ pixels, answers: { trained: says(7), corner: says(corner), ink: says(ink) } });
  assert.equal(outcomeOf(7, 3).truth, "ink");
  assert.equal(outcomeOf(3, 7).truth, "corner");
  assert.equal(outcomeOf(3, 2).truth, "both");
  assert.equal(outcomeOf(7, 7).truth, "none");
  assert.match(
    outcomeOf(7, 3).why,
    /this pixel now gives the neuron 40 · 0\.75 = 30, and the network says 3\..* 40 · 0 = 0\./,
  );
});

test("the layer that matters most is the one whose change leaves the least share", () => {
  const neurons = (index, activation) => new Array(16).fill(0).fill(activation, index, index + 1);
  const trained = { digit: 7, activations: [neurons(5, 13.86), neurons(1, 15.33)] };
  const outcomeOf = (first, second, third) =>
    layerOutcome({ pixels, answers: { trained, first: gives(first), second: gives(second), third: gives(third) } });
  assert.equal(outcomeOf(0.99, 0.9, 0.1).truth, "third");
  assert.equal(outcomeOf(0.99, 0.2, 0.5).truth, "second");
  assert.equal(outcomeOf(0.1, 0.9, 0.5).truth, "first");
  assert.equal(
    outcomeOf(0.998, 0.9, 0.1).why,
    "The change is multiplied. Pixel: times 0.75, output 7 stays above 99%. " +
      "Hidden layers: times 13.9, 90%. Output: times 15.3, 10%.",
  );
});

test("what the changed network says to the other digit is the truth", () => {
  const activations = [[], [0, -4.3637, ...new Array(14).fill(0)]];
  const { truth, why } = otherOutcome({ answers: { shared: { digit: 3, activations } } });
  assert.equal(truth, "3");
  assert.match(why, /passes on −4\.36, and 3 · −4\.36 = −13\.1 goes/);
});
