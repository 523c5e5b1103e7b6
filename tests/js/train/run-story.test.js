import assert from "node:assert/strict";
import { test } from "node:test";

import { RunStory } from "../../../static/train/run-story.js";

const epoch = (number, seconds) => ({ epoch: number, cost: 1 / number, accuracy: 0.9, gradient_norm: 0.1, seconds });

/** Two epochs of 100 steps, of 4 that are planned. */
function twoEpochs() {
  const story = new RunStory(400);
  for (const number of [1, 2]) {
    story.add("cost", { step: 100 * number - 50, epoch: number, cost: 3 });
    story.add("cost", { step: 100 * number, epoch: number, cost: 2 });
    story.add("epoch", epoch(number, 10 * number));
  }
  return story;
}

test("costs are at their steps, and figures of an epoch at the step that ended it", () => {
  const story = twoEpochs();
  assert.deepEqual(
    story.costs.map(({ x }) => x),
    [50, 100, 150, 200],
  );
  assert.deepEqual(story.heldOutCosts, [
    { x: 100, y: 1 },
    { x: 200, y: 0.5 },
  ]);
  assert.deepEqual(story.figures("accuracy"), [
    { x: 1, y: 0.9 },
    { x: 2, y: 0.9 },
  ]);
  assert.equal(story.share, 0.5);
});

test("the time left follows from the seconds of the last epochs", () => {
  assert.equal(new RunStory(400).secondsLeft, null);
  assert.equal(twoEpochs().secondsLeft, 30); // 200 steps took 30 seconds, and 200 are left
});

test("a step is so many epochs, with decimals, and has the epoch before it", () => {
  const story = twoEpochs();
  assert.equal(story.epochsAt(150), 1.5);
  assert.equal(new RunStory(400).epochsAt(150), null);
  assert.equal(story.epochBy(199)?.epoch, 1);
  assert.equal(story.epochBy(99), null);
});

test("after a stop, the run goes back to its checkpoint", () => {
  const story = twoEpochs();
  story.add("cost", { step: 250, cost: 1 });
  story.add("rate", { step: 250, learning_rate: 0.5 });
  story.add("resume", { step: 200 });
  assert.equal(story.step, 200);
  assert.equal(story.costs.at(-1)?.x, 200);
  assert.deepEqual(story.changes, [{ type: "resume", step: 200 }]);
});

test("after a stop within an epoch, the clock covers only the later steps of that epoch", () => {
  const story = twoEpochs();
  story.add("cost", { step: 250, cost: 1 });
  story.add("resume", { step: 250 });
  story.add("cost", { step: 300, cost: 1 });
  story.add("epoch", epoch(3, 6));
  assert.equal(story.epochs.at(-1)?.steps, 50);
});

test("a resume right after a pause loses nothing", () => {
  const story = twoEpochs();
  story.add("pause", { step: 200 });
  story.add("resume", { step: 200 });
  assert.deepEqual(
    story.changes.map(({ type }) => type),
    ["pause", "go-on"],
  );
  assert.equal(story.costs.length, 4);
});

test("a rate that is changed during a pause comes before the resumption, which loses nothing", () => {
  const story = twoEpochs();
  story.add("pause", { step: 200 });
  story.add("rate", { step: 200, learning_rate: 0.4 });
  story.add("resume", { step: 200 });
  assert.deepEqual(
    story.changes.map(({ type }) => type),
    ["pause", "rate", "go-on"],
  );
});

test("the epoch is that of the last step", () => {
  const story = twoEpochs();
  assert.equal(story.epoch, 2);
  story.add("cost", { step: 250, epoch: 3, cost: 1 });
  assert.equal(story.epoch, 3);
});

test("events of another type change nothing", () => {
  const story = twoEpochs();
  story.add("checkpoint", { step: 200 });
  assert.deepEqual(story, twoEpochs());
});
