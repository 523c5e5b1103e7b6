import assert from "node:assert/strict";
import { test } from "node:test";

import { contourHeights, contourLines } from "../../../static/charts/contour-lines.js";

test("through a slope the line runs straight, where the height lies between two corners", () => {
  const slope = [
    [0, 4],
    [0, 4],
  ];
  assert.deepEqual(contourLines(slope, 1), [
    [
      { column: 0.25, row: 0 },
      { column: 0.25, row: 1 },
    ],
  ]);
});

test("around a peak the pieces close to a ring", () => {
  const peak = [
    [0, 0, 0],
    [0, 2, 0],
    [0, 0, 0],
  ];
  const ends = contourLines(peak, 1)
    .flat()
    .map(({ column, row }) => `${column},${row}`);
  assert.deepEqual([...new Set(ends)].sort(), ["0.5,1", "1,0.5", "1,1.5", "1.5,1"]);
  assert.equal(ends.length, 8); // each of the four is where two pieces meet
});

test("at a saddle the middle says how the corners are joined", () => {
  const saddle = (high) => [
    [high, 0],
    [0, high],
  ];
  const joins = (grid, height) => contourLines(grid, height).map((piece) => piece.map(({ row }) => row));
  assert.deepEqual(joins(saddle(4), 1), [
    [0, 0.25],
    [1, 0.75],
  ]);
  assert.deepEqual(joins(saddle(4), 3), [
    [0.25, 0],
    [0.75, 1],
  ]);
});

test("a height that the grid does not reach has no line", () => {
  assert.deepEqual(
    contourLines(
      [
        [1, 2],
        [3, 4],
      ],
      9,
    ),
    [],
  );
});

test("heights are even, or even in their logarithm where the grid spans much", () => {
  assert.deepEqual(contourHeights([[0, 4]], 3), [1, 2, 3]);
  const [first, second] = contourHeights([[1, 10_000]], 3);
  assert.ok(Math.abs(first - 10) < 1e-9 && Math.abs(second - 100) < 1e-9);
});
