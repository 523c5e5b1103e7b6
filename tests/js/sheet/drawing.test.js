import assert from "node:assert/strict";
import { test } from "node:test";

import { BLANK, isBlank, traceStroke, withStroke } from "../../../static/sheet/drawing.js";

/** What is drawn, as text. */
function traced(stroke, side = 100) {
  const calls = [];
  const record =
    (name) =>
    (...numbers) =>
      calls.push([name, ...numbers]);
  const path = { moveTo: record("move"), lineTo: record("line"), quadraticCurveTo: record("curve") };
  traceStroke(path, stroke, side);
  return calls;
}

test("a stroke is added to a copy of the drawing", () => {
  const drawing = withStroke(BLANK, [{ x: 0.5, y: 0.5 }]);
  assert.equal(drawing.strokes.length, 1);
  assert.ok(isBlank(BLANK));
  assert.ok(!isBlank(drawing));
});

test("a dot is a very short line, since a browser draws nothing of one without length", () => {
  assert.deepEqual(traced([{ x: 0.5, y: 0.2 }]), [
    ["move", 50, 20],
    ["line", 50.01, 20],
  ]);
});

test("a stroke is a curve through the middles between its points", () => {
  const stroke = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
  ];
  assert.deepEqual(traced(stroke), [
    ["move", 0, 0],
    ["curve", 100, 0, 100, 50],
    ["line", 100.01, 100],
  ]);
});
