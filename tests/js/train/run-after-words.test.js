import assert from "node:assert/strict";
import { test } from "node:test";

import { shades } from "../../../static/train/after/run-after-confusion.js";
import * as words from "../../../static/train/after/run-after-words.js";

const DIGITS = [..."0123456789"];

test("the most frequent mistake is named", () => {
  assert.equal(
    words.mostConfused(
      [
        [9, 1],
        [3, 8],
      ],
      ["hat", "bag"],
    ),
    "Most often bag is taken for hat: 3 times.",
  );
  assert.equal(
    words.mostConfused(
      [
        [9, 1],
        [0, 8],
      ],
      DIGITS,
    ),
    "Most often 0 is taken for 1: once.",
  );
  assert.equal(
    words.mostConfused(
      [
        [9, 0],
        [0, 8],
      ],
      DIGITS,
    ),
    "It makes no mistakes.",
  );
});

test("a cell is read out, also one of an output without a class", () => {
  assert.equal(words.cellWords({ label: 4, answer: 9, count: 1_200 }, DIGITS), "4, taken for 9: 1,200 images");
  assert.equal(words.cellWords({ label: 0, answer: 0, count: 1 }, ["hat"]), "hat, answered right: 1 image");
  assert.equal(words.nameOf(["hat"], 3), "output 3");
});

test("an image has its three most likely answers", () => {
  const image = { number: 1_234, label: 1, probabilities: [0.1, 0.25, 0.6, 0.05] };
  assert.equal(
    words.likeliestWords(image, ["hat", "bag", "shoe", "coat"]),
    "Test image 1,234. It is: bag. The network’s answers: shoe (60%), bag (25%), hat (10%).",
  );
});

test("confidence is compared with accuracy over all images", () => {
  const bin = (images, confidence, accuracy) => ({ low: 0.9, high: 1, images, confidence, accuracy });
  const said = (...bins) => words.calibrationWords({ error: 0.0123, bins });
  assert.match(said(bin(30, 0.9, 0.8), bin(10, 0.5, 0.4)), /too sure of itself: 80\.00% sure on average, and 70\.00%/);
  assert.match(said(bin(10, 0.8, 0.9)), /too unsure of itself/);
  assert.match(said(bin(10, 0.8, 0.804), bin(0, null, null)), /as sure as it is right: .* 1\.23 percentage points/);
});

test("mistakes are as dark as they are frequent, beside the most frequent one", () => {
  assert.deepEqual(
    shades([
      [75, 25],
      [0, 4],
    ]),
    [
      [Math.sqrt(0.75), 1],
      [0, 1],
    ],
  );
});
