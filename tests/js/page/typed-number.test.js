import assert from "node:assert/strict";
import { test } from "node:test";

import { numberIn, typedNumber } from "../../../static/page/typed-number.js";

test("a decimal comma is as good as a decimal point", () => {
  assert.deepEqual(
    ["0,05", " 0.05 ", "-1,5", "2,5e-3", "1e3", ",5", "7"].map((text) => typedNumber(text)),
    [0.05, 0.05, -1.5, 0.0025, 1000, 0.5, 7],
  );
});

test("a whole number may have separators", () => {
  assert.deepEqual(
    ["10,000", "10.000", "10 000", "1,5", "64"].map((text) => typedNumber(text, true)),
    [10_000, 10_000, 10_000, 1.5, 64],
  );
});

test("only groups of thousands are separated", () => {
  assert.deepEqual([typedNumber("0.050", true), typedNumber("1,000,000", true)], [0.05, 1_000_000]);
  assert.ok(Number.isNaN(typedNumber("1,000.500", true)));
});

test("what is no number is told from one", () => {
  for (const text of ["", " ", "many", "1,2,3", "1,234.5", "0x10", "Infinity", "."]) {
    assert.ok(Number.isNaN(typedNumber(text)), text);
  }
});

test("a field has a number only within its limits", () => {
  const field = { min: "0", max: "10" };
  assert.equal(numberIn({ ...field, value: "0,5" }), 0.5);
  for (const value of ["-0,5", "10,5", ""]) assert.ok(Number.isNaN(numberIn({ ...field, value })), value);
  assert.equal(numberIn({ min: "", max: "", value: "-2" }), -2);
});
