import assert from "node:assert/strict";
import { test } from "node:test";

import { backwardStory, forwardStory } from "../../../static/rooms/game/neuron-story.js";

const NEURON = { weights: [0.5, -1], bias: 0.25 };

/** @param {object} changes */
function moveOf(changes) {
  return { name: "2-1", neuron: NEURON, befores: [[2, 3]], numbers: [-0.175], sums: [-1.75], back: null, ...changes };
}

test("forwards a neuron writes out its sum, and what it passes on", () => {
  const story = forwardStory(moveOf({}));
  assert.equal(story.sum, "z = −1.7500");
  assert.equal(story.activation, "a = −0.1750");
  assert.match(story["activation-why"], /a tenth of z/);
  assert.deepEqual(story.rows, [
    { name: "1-0", product: "0.5000 × 2.0000", value: "1.0000" },
    { name: "1-1", product: "−1.0000 × 3.0000", value: "−3.0000" },
    { name: "bias", product: "", value: "0.2500" },
    { name: "z, the sum", product: "", value: "−1.7500" },
  ]);
});

test("a neuron of the first layer shows the largest of its terms, and what the others add up to", () => {
  const weights = Array.from({ length: 784 }, (_, i) => i / 784);
  const befores = [Array(784).fill(1)];
  const story = forwardStory(moveOf({ name: "1-0", neuron: { weights, bias: 0 }, befores, sums: [391.5] }));
  assert.equal(story.rows.length, 7);
  assert.equal(story.rows[0].name, "row 28, column 28");
  assert.deepEqual(
    story.rows.slice(4).map(({ name }) => name),
    ["780 others", "bias", "z, the sum"],
  );
  const total = story.rows.slice(0, 6).reduce((sum, { value }) => sum + Number(value.replace("−", "-")), 0);
  assert.ok(Math.abs(total - 391.5) < 1e-9);
});

test("an output says that the room makes shares of the sums", () => {
  const story = forwardStory(moveOf({ name: "3-1", numbers: [-1.75] }));
  assert.equal(story.activation, "");
  assert.match(story["activation-why"], /shares/);
});

test("backwards a neuron tells its delta, and the nudge of the weight that moves most", () => {
  const gradient = { weights: [0.4, 0.6], bias: 0.2 };
  const after = { weights: [0.3, -1.3], bias: 0.15 };
  const move = moveOf({ numbers: [0.2], sums: null, back: [[0.1], [-0.2]], gradient, after });
  const done = { move, label: 7, count: 1, eta: 0.5, given: [2], verdict: "", instead: null };
  const story = backwardStory(done);
  assert.equal(story.delta, "delta = 0.2000");
  assert.match(story["came-back"], /^2\.0000 came back .* slope 0\.1\.$/);
  assert.equal(story.weight, "Its weight from 1-1 moves most:");
  assert.equal(story.nudge, "−1.0000 − 0.5 × 0.6000 = −1.3000");
  assert.equal(story.moved, "Its 2 weights moved by 0.5000 in all.");
});

test("an output's delta is its share less what is wanted", () => {
  const gradient = { weights: [0, 0], bias: 0 };
  const move = moveOf({ name: "3-1", numbers: [-0.45], sums: null, gradient, after: NEURON });
  const done = { move, label: 1, count: 2, eta: 0.5, given: Array(10).fill(0), verdict: "", instead: null };
  assert.match(backwardStory(done)["came-back"], /0\.1000, less 1, which is wanted, divided by 2 digits\.$/);
});
