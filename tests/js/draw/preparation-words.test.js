import assert from "node:assert/strict";
import { test } from "node:test";

import { leftOut, verdict } from "../../../static/draw/preparation/preparation-words.js";

const SEVEN = { digit: 7, confidence: 0.9 };
const ONE = { digit: 1, confidence: 0.6 };

test("the steps that are left out are listed", () => {
  assert.equal(leftOut(["others"]), "Without picking out");
  assert.equal(leftOut(["crop"]), "Without cropping");
  assert.equal(leftOut(["crop", "scale", "centre"]), "Without cropping, scaling and centring");
});

test("the verdict says whether the answer changed", () => {
  assert.equal(verdict(SEVEN, ONE, ["centre"], false), "Without centring it answers 1 (60%) instead of 7 (90%).");
  assert.match(verdict(SEVEN, SEVEN, ["crop"], false), /still answers 7 \(90%\): this drawing did not need it/);
  assert.match(
    verdict(SEVEN, { digit: 7, confidence: 0.7 }, ["crop"], false),
    /still answers 7, now 70% sure instead of 90%/,
  );
});

test("with all steps on, the verdict says what to try", () => {
  assert.match(verdict(SEVEN, SEVEN, [], false), /Switch one off/);
  assert.match(verdict(SEVEN, SEVEN, [], true), /corner.* 7 \(90%\)/);
});
