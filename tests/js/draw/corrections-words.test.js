import assert from "node:assert/strict";
import { test } from "node:test";

import { answerText, countText } from "../../../static/draw/corrections/corrections-words.js";

test("an answer is said with how sure it was", () => {
  assert.equal(answerText({ digit: 7, confidence: 0.834 }), "The network said 7 (83%).");
});

test("the number of drawings is a sentence", () => {
  assert.equal(countText(0), "Nothing is kept yet.");
  assert.equal(countText(1), "One drawing.");
  assert.equal(countText(1234), "1,234 drawings, newest first.");
});
