import assert from "node:assert/strict";
import { test } from "node:test";

import { drawingIn, hasDrawing, withDrawing } from "../../../static/draw/share/drawing-link.js";

const PAGE = "http://school.example/digits/";
const SEVEN = [
  [
    { x: 0.25, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.5, y: 0.75 },
  ],
];

test("a link keeps the page's own address and network, and gives the strokes back within a grid step", () => {
  const link = withDrawing(`${PAGE}?model=large#inside`, SEVEN);

  assert.ok(link.startsWith(`${PAGE}?model=large&drawing=`));
  for (const [i, { x, y }] of drawingIn(link)[0].entries()) {
    assert.ok(Math.hypot(x - SEVEN[0][i].x, y - SEVEN[0][i].y) < 1 / 200);
  }
});

test("a link to the drawing of a link is the same link", () => {
  const link = withDrawing(PAGE, SEVEN);

  assert.equal(withDrawing(link, drawingIn(link)), link);
});

test("an address has its drawing whatever stands beside it", () => {
  const link = withDrawing(PAGE, SEVEN);

  for (const address of [link, `${link}&model=large`, `${link}#inside`]) assert.ok(hasDrawing(address, SEVEN));
  assert.ok(!hasDrawing(link, [SEVEN[0].slice(1)]));
  assert.ok(!hasDrawing(PAGE, SEVEN));
});

test("without strokes an address has no drawing", () => {
  assert.equal(withDrawing(`${PAGE}?drawing=Rzh8OLI4&model=large`, []), `${PAGE}?model=large`);
  assert.deepEqual(drawingIn(PAGE), []);
});

test("a damaged drawing is told from none", () => {
  for (const damaged of ["Rzh8O", "a", "%C3%A9", "-".repeat(4_000)]) {
    assert.equal(drawingIn(`${PAGE}?drawing=${damaged}`), null);
  }
});
