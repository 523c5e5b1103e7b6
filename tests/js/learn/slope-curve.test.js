import assert from "node:assert/strict";
import { test } from "node:test";
import { at, costOf, RIDGE, sliceOf, slopeOf, walkOf } from "../../../static/learn/slope/slope-curve.js";
import { firstSteps } from "../../../static/learn/slope/slope-path.js";
import { SITUATIONS } from "../../../static/learn/slope/slope-situations.js";
import { MAX_STEPS, usualReach } from "../../../static/learn/slope/slope-source.js";
import { sentenceAbout } from "../../../static/learn/slope/slope-words.js";

/** A situation of the lesson, walked to its end. */
function played(name) {
  const { at: start, rate } = SITUATIONS[name];
  const { offset, span } = usualReach(
    { kind: "drawn", parameter: { layer: 3, neuron: 4, input: 13 }, seed: 1, about: null },
    "wide",
  );
  const walk = walkOf(start, rate, MAX_STEPS);
  const found = firstSteps(walk, MAX_STEPS, rate, { centre: offset, span });
  const words = sentenceAbout({ ...found, learningRate: rate, span, ridge: RIDGE });
  return { ...found, end: found.points.at(-1), words };
}

test("the slope is the central difference of the cost", () => {
  for (let x = -4; x <= 4; x += 0.2) {
    const difference = (costOf(x + 1e-5) - costOf(x - 1e-5)) / 2e-5;
    assert.ok(Math.abs(slopeOf(x) - difference) < 1e-6, `at ${x}`);
  }
});

test("the curve has two valleys and a ridge between them", () => {
  for (const x of [0, 1.378, 1.796]) assert.ok(Math.abs(slopeOf(x)) < 0.005, `level at ${x}`);
  assert.ok(Math.abs(costOf(1.796) - 0.512) < 1e-3);
  assert.ok(costOf(RIDGE) > costOf(1.796) && costOf(1.796) > costOf(0));
});

test("a slice has evenly spaced places from end to end", () => {
  const { values, costs, slopes } = sliceOf(-4, 4, 5);
  assert.deepEqual(values, [-4, -2, 0, 2, 4]);
  assert.deepEqual(costs, values.map(costOf));
  assert.deepEqual(slopes, values.map(slopeOf));
});

test("each step of a walk follows the rule", () => {
  const { points, diverged } = walkOf(3, 0.1, 2);
  const second = 3 - 0.1 * slopeOf(3);
  assert.deepEqual(points, [at(3), at(second), at(second - 0.1 * slopeOf(second))]);
  assert.equal(diverged, false);
});

test("a walk that leaves for good has diverged", () => {
  const { points, diverged } = walkOf(3, 100, 60);
  assert.equal(diverged, true);
  assert.ok(points.length < 10);
});

test("with a small rate the ball gets stuck in the shallow valley", () => {
  const { end, words } = played("stuck");
  assert.ok(Math.abs(end.value - 1.796) < 5e-3);
  assert.match(words, /it is stuck\. The other valley is deeper/);
});

test("a larger rate and another start both lead to the deep valley", () => {
  for (const name of ["rate", "start"]) assert.ok(Math.abs(played(name).end.value) < 0.01, name);
});

test("a rate beyond 2 diverges", () => {
  const { next, words } = played("diverge");
  assert.notEqual(next, null);
  assert.match(words, /it diverges/);
});
