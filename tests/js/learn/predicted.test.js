import assert from "node:assert/strict";
import { test } from "node:test";
import { answersOf, summaryOf, textOf } from "../../../static/learn/predict/predicted.js";

test("answers go into the address as text and come back", () => {
  const text = "step.left.right_rate.skip";
  const answers = answersOf(text);
  assert.deepEqual(
    [...answers],
    [
      ["step", { choice: "left", truth: "right" }],
      ["rate", "skip"],
    ],
  );
  assert.equal(textOf(answers), text);
  assert.equal(answersOf("").size, 0);
});

test("a text of another form is no answer", () => {
  for (const text of ["step", "step.left", "step.left.right.more", "step.Left.right", "<b>.left.right"]) {
    assert.equal(answersOf(text), null, text);
  }
});

test("the summary counts what came true among what was answered", () => {
  assert.equal(summaryOf(answersOf("a.x.x_b.x.y_c.skip")), "You predicted 1 of the 2 you answered.");
  assert.equal(summaryOf(answersOf("a.x.x_b.y.y")), "You predicted all 2 you answered.");
  assert.equal(summaryOf(answersOf("a.skip")), "You skipped the questions.");
});
