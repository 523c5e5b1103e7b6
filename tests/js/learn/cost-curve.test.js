import assert from "node:assert/strict";
import { test } from "node:test";
import { quadraticAlong } from "../../../static/learn/cost/cost-curve.js";
import { costliest } from "../../../static/learn/cost/cost-grid.js";

const SHARES = [0.05, 0.1, 0.02, 0.3, 0.03, 0.2, 0.1, 0.05, 0.1, 0.05];
const PLACES = [0, 0.25, 0.3, 0.9, 1];

/** From the definition: half the sum of the squared differences. */
function quadratic(outputs, right) {
  return outputs.reduce((sum, a, digit) => sum + (a - (digit === right ? 1 : 0)) ** 2, 0) / 2;
}

function near(actual, expected) {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test("when outputs are shares of 1, the other nine keep their proportions", () => {
  const cost = quadraticAlong(SHARES, 3, true);
  for (const a of PLACES) {
    const moved = SHARES.map((share, digit) => (digit === 3 ? a : (share * (1 - a)) / 0.7));
    near(cost(a), quadratic(moved, 3));
  }
});

test("when outputs are independent, the other nine stay as they are", () => {
  const cost = quadraticAlong(SHARES, 3, false);
  for (const a of PLACES) near(cost(a), quadratic(SHARES.with(3, a), 3));
});

test("nine outputs of exactly 0 share the rest evenly", () => {
  const cost = quadraticAlong([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0, true);
  near(cost(0.1), quadratic([0.1, ...new Array(9).fill(0.1)], 0));
});

test("the costliest image depends on which cost is shown", () => {
  const sample = [
    { label: 3, digit: 3, quadratic: 0.1, cross_entropy: 0.2 },
    { label: 4, digit: 9, quadratic: 0.9, cross_entropy: 2.5 },
    { label: 5, digit: 6, quadratic: 0.8, cross_entropy: 7.1 },
  ];
  assert.equal(costliest(sample, "quadratic"), 1);
  assert.equal(costliest(sample, "cross_entropy"), 2);
});
