import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEFAULTS,
  fitting,
  imagesSeen,
  isOffered,
  needsOtherSurface,
  questionOf,
  stopOf,
  upTo,
} from "../../../static/learn/gradient/gradient-question.js";

test("the lesson begins with a descent in batches of 128 and no rival", () => {
  assert.deepEqual(questionOf(DEFAULTS), {
    plane: { kind: "path", seed: 1, learning_rate: 0.1, batch_size: 128, steps: 200, rival: null },
    side: 27,
  });
});

test("a rival has the other batch size or learning rate and no more steps than the first descent", () => {
  const rival = (state) => questionOf({ ...DEFAULTS, ...state }).plane.rival;
  assert.deepEqual(rival({ against: "full" }), { learning_rate: 0.1, batch_size: null, steps: 25 });
  assert.deepEqual(rival({ against: "small" }), { learning_rate: 0.1, batch_size: 10, steps: 200 });
  assert.deepEqual(rival({ against: "faster" }), { learning_rate: 0.3, batch_size: 128, steps: 200 });
  assert.deepEqual(rival({ against: "slower" }), { learning_rate: 0.0333, batch_size: 128, steps: 200 });
  assert.equal(rival({ against: "small", batch: 0 }).steps, 25);
});

test("a random plane is asked for with its own rate and a fixed number of steps", () => {
  const question = questionOf({ ...DEFAULTS, plane: "random", rate: 30, seed: 4 });
  assert.deepEqual(question, { plane: { kind: "random", seed: 4 }, side: 27, learning_rate: 30, steps: 40 });
});

test("a state that fits needs no changes", () => {
  assert.deepEqual(fitting(DEFAULTS), {});
});

test("another plane brings its usual rate and tolerance", () => {
  assert.deepEqual(fitting({ ...DEFAULTS, plane: "random" }), { rate: 30, tolerance: 0.01 });
});

test("a descent can't race against itself", () => {
  assert.deepEqual(fitting({ ...DEFAULTS, batch: 0, against: "full" }), { against: "nothing" });
  assert.deepEqual(fitting({ ...DEFAULTS, batch: 10, against: "small" }), { against: "nothing" });
  assert.equal(isOffered({ ...DEFAULTS, batch: 10 }, "against", "full"), true);
});

test("a new place on the path needs no other surface, a new seed does", () => {
  assert.equal(needsOtherSurface({ ...DEFAULTS, point: 3, tolerance: 1 }, DEFAULTS), false);
  assert.equal(needsOtherSurface({ ...DEFAULTS, seed: 2 }, DEFAULTS), true);
});

test("a descent stops at the first point below the tolerance, or at its last", () => {
  const path = [{ norm: 3 }, { norm: 0.9 }, { norm: 1.2 }];
  assert.deepEqual(
    [1, 0.5].map((tolerance) => stopOf(path, tolerance)),
    [1, 2],
  );
});

test("full batch sees all 1,000 images at each step", () => {
  assert.equal(imagesSeen({ learning_rate: 0.1, batch_size: null, steps: 25 }, 25), 25_000);
  assert.equal(imagesSeen({ learning_rate: 0.1, batch_size: 128, steps: 200 }, 200), 25_600);
});

test("a path is cut after a number of steps", () => {
  assert.deepEqual(upTo([{ step: 0 }, { step: 5 }, { step: 10 }], 7), [{ step: 0 }, { step: 5 }]);
});
