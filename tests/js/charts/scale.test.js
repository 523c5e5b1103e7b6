import assert from "node:assert/strict";
import { test } from "node:test";

import { linearScale, logScale, scaleOf } from "../../../static/charts/scale.js";

const line = (...ys) => ({ kind: "plain", points: ys.map((y, x) => ({ x, y })) });

test("a linear scale has ticks at round values, and places its ends at 0 and 1", () => {
  const { at, ticks } = linearScale(0, 1);
  assert.deepEqual(ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual([0, 0.25, 1].map(at), [0, 0.25, 1]);
  assert.deepEqual(linearScale(-7, 13).ticks, [-5, 0, 5, 10]);
});

test("the ticks of 0.1 do not drift", () => {
  assert.deepEqual(linearScale(0, 0.7, 7).ticks, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
});

test("a range without extent still has a scale", () => {
  assert.equal(linearScale(3, 3).at(3), 0);
});

test("a logarithmic scale has a tick at each power of ten, with 2 and 5 between where there are few", () => {
  assert.deepEqual(logScale(0.001, 100).ticks, [0.001, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(logScale(0.9, 60).ticks, [1, 2, 5, 10, 20, 50]);
  assert.equal(logScale(1, 100).at(10), 0.5);
});

test("the scale of some lines covers 0 and all their values but gaps and tangents", () => {
  const tangent = { kind: "tangent", points: [{ x: 0, y: 900 }] };
  const { ticks } = scaleOf({ lines: [line(2, null, 8), tangent], yRange: null, isLog: false });
  assert.deepEqual(ticks, [0, 2, 4, 6, 8]);
});

test("on a logarithmic scale what is not above 0 does not count", () => {
  const { ticks } = scaleOf({ lines: [line(0, 0.01, 10)], yRange: null, isLog: true });
  assert.deepEqual(ticks, [0.01, 0.1, 1, 10]);
});

test("a given range is the scale, and without any value it is 0 to 1", () => {
  assert.equal(scaleOf({ lines: [line(2)], yRange: [0, 4], isLog: false }).at(2), 0.5);
  assert.equal(scaleOf({ lines: [], yRange: null, isLog: false }).at(1), 1);
});
