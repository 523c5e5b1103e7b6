import assert from "node:assert/strict";
import { test } from "node:test";

import { fromPoints, toPoints, toPointsWithin } from "../../../static/sheet/stroke-points.js";

const stroke = (...points) => points.map(([x, y]) => ({ x, y }));

test("points are pairs with four decimals, and come back as they were", () => {
  const points = toPoints([stroke([0.123456, 0.5], [0.9, 1 / 3])]);

  assert.deepEqual(points, [
    [
      [0.1235, 0.5],
      [0.9, 0.3333],
    ],
  ]);
  assert.deepEqual(toPoints(fromPoints(points)), points);
});

test("what the pen leaves on the sheet from just outside stays at the edge", () => {
  assert.deepEqual(toPoints([stroke([0.5, 0.9], [0.5, 1.02])]), [
    [
      [0.5, 0.9],
      [0.5, 1],
    ],
  ]);
});

test("a stroke that leaves the sheet and comes back becomes two", () => {
  const there = toPoints([stroke([0.5, 0.1], [0.5, -0.2], [0.8, -0.2], [0.8, 0.1])]);

  assert.deepEqual(there, [[[0.5, 0.1]], [[0.8, 0.1]]]);
});

test("a stroke that is all outside is left out", () => {
  assert.deepEqual(toPoints([stroke([-0.5, 0.1]), stroke([0.5, 0.5])]), [[[0.5, 0.5]]]);
});

test("a fast mouse's points are thinned to what makes a difference", () => {
  const fast = Array.from({ length: 5_000 }, (_, i) => [0.1 + (0.8 * i) / 5_000, 0.5]);
  const [points] = toPoints([stroke(...fast)]);

  assert.ok(points.length < 250, String(points.length));
  assert.ok(points.at(-1)[0] > 0.89);
});

const LIMITS = { strokes: 64, points: 4_000 };
const line = (count) => stroke(...Array.from({ length: count }, (_, i) => [i / count, 0.5]));

test("a drawing of very many points is made coarser until it fits", () => {
  const count = toPointsWithin(
    Array.from({ length: 40 }, () => line(240)),
    LIMITS,
  ).flat().length;
  assert.ok(count <= LIMITS.points && count > LIMITS.points / 3, String(count));
});

test("too many strokes are not sent", () => {
  assert.equal(toPointsWithin(Array(65).fill(line(2)), LIMITS), null);
  assert.equal(toPointsWithin(Array(64).fill(line(2)), LIMITS).length, 64);
});
