import assert from "node:assert/strict";
import { test } from "node:test";
import { fixed, numeral, precise } from "../../../static/learn/cost/cost-numbers.js";

test("a cost has four decimals, and a power of ten when they would all be 0", () => {
  assert.equal(numeral(0.84531), "0.8453");
  assert.equal(numeral(0), "0.0000");
  assert.equal(numeral(0.00005), "0.0001");
  assert.equal(numeral(1.2345e-7), "1.2×10⁻⁷");
});

test("the argument of a logarithm has four significant digits however small it is", () => {
  assert.equal(precise(0.998765), "0.9988");
  assert.equal(precise(0.00123456), "0.001235");
  assert.equal(precise(4.96712e-6), "4.967×10⁻⁶");
  assert.equal(precise(3e-12), "3.000×10⁻¹²");
});

test("the terms of a sum all have four decimals", () => {
  assert.deepEqual([0.123456, 1e-9, 1].map(fixed), ["0.1235", "0.0000", "1.0000"]);
});
