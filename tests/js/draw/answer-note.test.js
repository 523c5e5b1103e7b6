import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_DIGIT, noteOn } from "../../../static/draw/answer-note.js";
import { labelOf, withStroke } from "../../../static/sheet/drawing.js";

test("a sure answer is called wrong where the test image is known to be another digit", () => {
  assert.equal(noteOn({ digit: 9, confidence: 0.999 }, 8), "Wrong: this test image is an 8.");
  assert.equal(noteOn({ digit: 8, confidence: 0.3 }, 9), "Wrong: this test image is a 9.");
});

test("a right answer to a test image needs no note, however unsure", () => {
  assert.equal(noteOn({ digit: 8, confidence: 0.3 }, 8), "");
});

test("a drawing that looks like no digit may not be one", () => {
  assert.equal(noteOn({ digit: 1, confidence: 0.13 }, null), NO_DIGIT);
  assert.equal(noteOn({ digit: 1, confidence: 0.6 }, null), "");
});

test("a test image is known to be its label until something is drawn over it", () => {
  const drawing = { picture: { label: 0 }, strokes: [] };
  assert.equal(labelOf(drawing), 0);
  assert.equal(labelOf(withStroke(drawing, [{ x: 0, y: 0 }])), null);
  assert.equal(labelOf({ picture: {}, strokes: [] }), null);
  assert.equal(labelOf({ picture: null, strokes: [] }), null);
});
