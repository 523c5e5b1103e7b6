import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../static/train/publish/publish-words.js";

test("a difference in points has a sign, unless it is 0", () => {
  assert.equal(words.points(0.9, 0.9123), "+1.23");
  assert.equal(words.points(0.9, 0.896), "−0.40");
  assert.equal(words.points(0.9, 0.90001), "0.00");
});

test("a digit is clearly worse from 2 points on of test images, and from 5 on of drawings", () => {
  assert.ok(words.isClearlyWorse(0.98, 0.95, "test"));
  assert.ok(!words.isClearlyWorse(0.98, 0.97, "test"));
  assert.ok(!words.isClearlyWorse(0.98, 0.95, "drawings"));
  assert.ok(words.isClearlyWorse(0.98, 0.9, "drawings"));
  assert.ok(!words.isClearlyWorse(null, 0.1, "test"));
});

test("how many answers change is said in a sentence", () => {
  const change = { images: 10_000, to_wrong: 1_200, to_right: 3 };
  assert.equal(
    words.turnedLine(change, "test images"),
    "Of the 10,000 test images, 1,200 become wrong and 3 become right.",
  );
  assert.equal(
    words.turnedLine({ ...change, to_wrong: 0, to_right: 0 }, "test images"),
    "Nothing changes for the 10,000 test images.",
  );
  assert.deepEqual(
    [0, 1, 4].map((count) => words.turnedTitle(count, "wrong")),
    ["No drawing becomes wrong", "1 drawing becomes wrong", "4 drawings become wrong"],
  );
});

test("a drawing is captioned with the wrong answer, now or before", () => {
  const [right, wrong] = [
    { digit: 7, confidence: 0.9 },
    { digit: 1, confidence: 0.62 },
  ];
  const drawing = { label: 7, style: "with a bar" };
  assert.equal(words.turnedCaption({ ...drawing, before: right, after: wrong }), "7, with a bar: taken for 1, 62%");
  assert.equal(words.turnedCaption({ ...drawing, before: wrong, after: right }), "7, with a bar: was taken for 1, 62%");
});

test("who published and why are left out where nobody said so", () => {
  assert.equal(words.byWhom({ who: "Ada", why: "better fours" }), " by Ada: “better fours”");
  assert.equal(words.byWhom({ who: "", why: "" }), "");
});
