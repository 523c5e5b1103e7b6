import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, newestOnly, newRun } from "../../../static/rooms/pupil/run-now.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a run's events tell its costs, its last epoch and checkpoint, and its end", () => {
  const now = newRun(3);
  const epoch = { epoch: 1, accuracy: 0.9 };
  for (const [event, data] of [
    ["checkpoint", { step: 0 }],
    ["cost", { step: 40, epoch: 1, cost: 0.5 }],
    ["epoch", epoch],
    ["checkpoint", { step: 40 }],
  ]) {
    follow(now, { event, data });
  }
  assert.deepEqual(now, { run: 3, costs: [{ x: 40, y: 0.5 }], epoch, step: 40, checkpoint: 40, hasEnded: false });
  follow(now, { event: "end", data: {} });
  assert.ok(now.hasEnded);
});

test("only the newest is asked about, one question at a time and none twice", async () => {
  const asked = [];
  const answers = [];
  const ask = newestOnly(
    ({ step }) => {
      asked.push(step);
      return new Promise((resolve) => answers.push(resolve));
    },
    async () => {},
  );
  const about = (...steps) => {
    for (const step of steps) ask({ step });
    return settle();
  };
  const answer = (came) => {
    answers.shift()(came);
    return settle();
  };

  await about(1, 2, 3);
  assert.deepEqual(asked, [3]);
  await about(4, 5);
  assert.deepEqual(asked, [3]);
  await answer(true);
  assert.deepEqual(asked, [3, 5]);
  await answer(true);
  await about(5);
  assert.deepEqual(asked, [3, 5]);
  await about(6);
  await answer(false);
  assert.deepEqual(asked, [3, 5, 6]);
  await about(6);
  assert.deepEqual(asked, [3, 5, 6, 6]);
});
