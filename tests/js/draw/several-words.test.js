import assert from "node:assert/strict";
import { test } from "node:test";

import { areBeside, maybeSeveral, question } from "../../../static/draw/several/several-words.js";

const upright = (x) => [
  { x, y: 0.2 },
  { x, y: 0.8 },
];
const bar = [
  { x: 0.2, y: 0.5 },
  { x: 0.6, y: 0.5 },
];
const drawing = (...strokes) => ({ picture: null, strokes });

test("strokes with paper between them lie beside each other, in any order", () => {
  assert.equal(areBeside([upright(0.2), upright(0.6)]), true);
  assert.equal(areBeside([upright(0.6), upright(0.2)]), true);
});

test("strokes that lie over each other or touch do not", () => {
  assert.equal(areBeside([upright(0.2), bar, upright(0.6)]), false);
  assert.equal(areBeside([upright(0.4), upright(0.45)]), false);
  assert.equal(areBeside([upright(0.4)]), false);
  assert.equal(areBeside([]), false);
});

test("a sure answer to one digit raises no question, and an unsure one does", () => {
  assert.equal(maybeSeveral({ confidence: 0.9 }, drawing(upright(0.4)), 0.5), false);
  assert.equal(maybeSeveral({ confidence: 0.4 }, drawing(upright(0.4)), 0.5), true);
});

test("strokes beside each other and pictures raise it however sure the answer is", () => {
  assert.equal(maybeSeveral({ confidence: 0.9 }, drawing(upright(0.2), upright(0.6)), 0.5), true);
  assert.equal(maybeSeveral({ confidence: 0.9 }, { picture: {}, strokes: [] }, 0.5), true);
});

test("the question names all digits", () => {
  assert.equal(question("42"), "You drew 4 and 2?");
  assert.equal(question("1207"), "You drew 1, 2, 0 and 7?");
});
