import assert from "node:assert/strict";
import { test } from "node:test";

import { pitchOf } from "../../../static/page/tone.js";

const near = (/** @type {number} */ pitch, /** @type {number} */ wanted) => assert.ok(Math.abs(pitch - wanted) < 0.01);

test("a cost of 1 is the concert pitch, and a cost ten times lower sounds an octave lower", () => {
  for (const [cost, pitch] of [
    [10, 880],
    [1, 440],
    [0.1, 220],
    [0.01, 110],
  ])
    near(pitchOf(cost), pitch);
});

test("the pitch falls whenever the cost falls", () => {
  const costs = [9, 2.31, 2.309, 0.5, 0.0101];
  const pitches = costs.map((cost) => pitchOf(cost));
  assert.deepEqual(
    pitches,
    [...pitches].sort((a, b) => b - a),
  );
  assert.equal(new Set(pitches).size, costs.length);
});

test("outside the range the pitch stays at its end", () => {
  for (const cost of [0, -1e-7, 1e-9, 0.01]) near(pitchOf(cost), 110);
  for (const cost of [10, 1e9, Number.MAX_VALUE]) near(pitchOf(cost), 880);
});

test("a range of its own sounds over the same three octaves", () => {
  near(pitchOf(0.24, [0.24, 0.28]), 110);
  near(pitchOf(0.28, [0.24, 0.28]), 880);
  near(pitchOf(Math.sqrt(0.24 * 0.28), [0.24, 0.28]), Math.sqrt(110 * 880));
});

test("a range that begins at 0 begins at a thousandth of its end", () => {
  near(pitchOf(0.005, [0, 5]), 110);
  near(pitchOf(0.05, [-1e-7, 5]), 220);
  near(pitchOf(5, [0, 5]), 880);
});

test("on a level range every cost has a pitch", () => {
  for (const cost of [0.2, 0.3, 0.4]) assert.ok([110, 880].includes(pitchOf(cost, [0.3, 0.3])));
});
