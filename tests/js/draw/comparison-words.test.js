import assert from "node:assert/strict";
import { test } from "node:test";

import { gain, memory, pairOf, verdict, wrongOf } from "../../../static/draw/comparison/comparison-words.js";

const CLASSIC = { name: "classic", version: "a", sizes: [784, 16, 16, 10], parameters: 13_002, accuracy: 0.9712 };
const WIDE = { name: "wide", version: "b", sizes: [784, 512, 10], parameters: 407_050, accuracy: 0.9872 };
const OTHER = { name: "other", version: "c", sizes: [784, 30, 10], parameters: 23_860, accuracy: null };
const TWIN = { ...CLASSIC, name: "twin", accuracy: 0.95 };

const names = (models) => models.map(({ name }) => name);

test("classic and wide are compared where both are served, the smaller first", () => {
  assert.deepEqual(names(pairOf([WIDE, OTHER, CLASSIC], "other")), ["classic", "wide"]);
});

test("else the network that answers stands beside another", () => {
  assert.deepEqual(names(pairOf([TWIN, OTHER, CLASSIC], "other")), ["classic", "other"]);
  assert.deepEqual(names(pairOf([CLASSIC], "classic")), ["classic"]);
});

test("wrong test images are counted from the accuracy", () => {
  assert.deepEqual([CLASSIC, OTHER].map(wrongOf), [288, null]);
});

test("the verdict says who disagrees, and who is not sure", () => {
  const say = (digit, confidence) => ({ digit, confidence });
  const pair = [CLASSIC, WIDE];
  assert.equal(
    verdict(pair, [say(7, 0.6), say(1, 0.95)], 0.8),
    "They disagree: “classic” says 7 (60%), “wide” says 1 (95%).",
  );
  assert.equal(verdict(pair, [say(7, 0.9), say(7, 0.95)], 0.8), "Both say 7, and both are sure.");
  assert.equal(verdict(pair, [say(7, 0.4), say(7, 0.5)], 0.8), "Both say 7, and neither is sure.");
  assert.equal(verdict(pair, [say(7, 0.4), say(7, 0.95)], 0.8), "Both say 7, but “classic” is not sure.");
  assert.equal(verdict(pair, [say(7, 0.9), say(7, 0.5)], 0.8), "Both say 7, but “wide” is not sure.");
});

test("the gain is counted in fewer mistakes", () => {
  assert.equal(
    gain([CLASSIC, WIDE]),
    "Of the 10,000 test images “classic” gets 288 wrong, “wide” 128: 31 times the parameters, 160 fewer mistakes.",
  );
  assert.match(gain([CLASSIC, TWIN]), /as many parameters, but not fewer mistakes\.$/);
  assert.equal(gain([CLASSIC, OTHER]), "“other” has 1.8 times the parameters.");
});

test("memory is that of float32 numbers", () => {
  assert.deepEqual([CLASSIC, WIDE].map(memory), ["52 kB", "1.6 MB"]);
});
