import assert from "node:assert/strict";
import { test } from "node:test";
import { at, costOf, sliceOf, slopeOf } from "../../../static/learn/slope/slope-curve.js";
import {
  between,
  curveThrough,
  factorFor,
  firstSteps,
  heightsOf,
  tangentAt,
} from "../../../static/learn/slope/slope-path.js";

const USUAL = { centre: 1, span: 2 };
const flat = (value) => ({ value, cost: 1, slope: 0.5 });

test("the chart doubles until all steps fit, eight times as wide at most", () => {
  assert.equal(factorFor([1, 2.9], USUAL), 1);
  assert.equal(factorFor([1, 3.1], USUAL), 2);
  assert.equal(factorFor([-6], USUAL), 4);
  assert.equal(factorFor([1000], USUAL), 8);
});

test("a walk is cut where it leaves the widest chart, and says where it goes", () => {
  const points = [1, 5, 16, 18, 2].map(flat);
  const walk = { points, diverged: false };
  assert.deepEqual(firstSteps(walk, 1, 2, USUAL), { points: points.slice(0, 2), next: null });
  assert.deepEqual(firstSteps(walk, 60, 2, USUAL), { points: points.slice(0, 3), next: 16 - 2 * 0.5 });
});

test("a walk that diverged ends with a next step, even inside the chart", () => {
  const points = [1, 2].map(flat);
  assert.deepEqual(firstSteps({ points, diverged: true }, 60, 3, USUAL), { points, next: 2 - 3 * 0.5 });
});

test("between two known places the estimate is close to the true curve", () => {
  const slice = sliceOf(-4, 4, 61);
  for (const value of [-3.3, -0.05, 1.234, 2.5, 3.99]) {
    const { cost, slope } = between(slice, value);
    assert.ok(Math.abs(cost - costOf(value)) < 1e-3, `cost at ${value}`);
    assert.ok(Math.abs(slope - slopeOf(value)) < 0.03, `slope at ${value}`);
  }
});

test("at a known place the estimate is exact, and beyond the ends it is that of the end", () => {
  const slice = sliceOf(-1, 1, 5);
  for (const [value, known] of [
    [0.5, 0.5],
    [-1, -1],
    [5, 1],
    [-5, -1],
  ]) {
    const { cost, slope } = between(slice, value);
    assert.ok(Math.abs(cost - costOf(known)) < 1e-12, `cost at ${value}`);
    assert.ok(Math.abs(slope - slopeOf(known)) < 1e-12, `slope at ${value}`);
  }
});

test("the curve passes through each step, in order", () => {
  const curve = curveThrough(sliceOf(0, 2, 3), [at(1.5), at(0.25)]);
  assert.deepEqual(
    curve,
    [0, 0.25, 1, 1.5, 2].map((x) => ({ x, y: costOf(x) })),
  );
});

test("the heights begin at 0 unless the curve would look flat", () => {
  const heights = (...ys) => heightsOf(ys.map((y) => ({ y })));
  assert.deepEqual(heights(0.2, 2), [-0.1, 2.1]);
  assert.deepEqual(heights(10, 12), [9.75, 12.25]);
  assert.deepEqual(heights(3, 3.0001), [0, 6.0002]);
  assert.deepEqual(heights(0, 0), [0, 1]);
});

test("the tangent has the slope of the curve and the same length on the screen everywhere", () => {
  const length = (slope) => {
    const [from, to] = tangentAt({ value: 1, cost: 2, slope }, [0, 10], [0, 5]);
    assert.ok(Math.abs((to.y - from.y) / (to.x - from.x) - slope) < 1e-9);
    return Math.hypot((to.x - from.x) / 10, (to.y - from.y) / 5);
  };
  for (const slope of [0.01, -3, 40]) assert.ok(Math.abs(length(slope) - 0.32) < 1e-4);
});
