import assert from "node:assert/strict";
import { test } from "node:test";

import { clockOf, pointsOf } from "../../../static/train/compare/compare-lines.js";
import { cautionWords, resultRows, runName, settingRows } from "../../../static/train/compare/compare-words.js";
import { RunStory } from "../../../static/train/run-story.js";

const SETTINGS = { hidden: [16], cost: "quadratic", dataset: "mnist", epochs: 4, last_step: null, rates: [] };

/** A run of two epochs of 100 steps that take 10 and 20 seconds. */
function compared({ settings = {}, ...run } = {}) {
  const story = new RunStory(400);
  for (const epoch of [1, 2]) {
    story.add("cost", { step: 100 * epoch, cost: 4 / epoch });
    story.add("epoch", { epoch, cost: 2 / epoch, accuracy: 0.4 * epoch, gradient_norm: 1, seconds: 10 * epoch });
  }
  const figures = { status: "stopped", epoch: 2, step: 200, steps: 400, parameters: 12_730, accuracy: 0.8, cost: 1 };
  return {
    run: { id: 1, name: null, test_accuracy: null, ...figures, ...run, settings: { ...SETTINGS, ...settings } },
    story,
  };
}

const rowOf = (rows, name) => rows.find((row) => row.name === name);

test("the figures of epochs lie at steps, epochs or seconds", () => {
  const xs = (axis) => pointsOf(compared(), "accuracy", axis).map(({ x }) => x);
  assert.deepEqual(xs("steps"), [100, 200]);
  assert.deepEqual(xs("epochs"), [1, 2]);
  assert.deepEqual(xs("seconds"), [10, 30]);
  assert.deepEqual(pointsOf(compared(), "held-out", "steps"), [
    { x: 100, y: 2 },
    { x: 200, y: 1 },
  ]);
});

test("within an epoch the seconds grow evenly, and after the last at its pace", () => {
  const clock = clockOf(compared().story);
  assert.equal(clock(50), 5);
  assert.equal(clock(150), 20);
  assert.equal(clock(250), 40);
});

test("before the first epoch has ended, seconds are unknown, and epochs follow from the plan", () => {
  const story = new RunStory(400);
  story.add("cost", { step: 50, cost: 1 });
  const { run } = compared();
  assert.deepEqual(pointsOf({ run, story }, "cost", "seconds"), []);
  assert.deepEqual(pointsOf({ run, story }, "cost", "epochs"), [{ x: 0.5, y: 1 }]);
  const short = compared({ settings: { last_step: 60 } }).run;
  assert.deepEqual(pointsOf({ run: short, story }, "cost", "epochs"), []);
});

test("the clock of an epoch that was resumed counts its earlier steps too", () => {
  const { story } = compared();
  story.add("cost", { step: 250, cost: 1 });
  story.add("resume", { step: 250 });
  story.add("cost", { step: 300, cost: 1 });
  story.add("epoch", { epoch: 3, cost: 1, accuracy: 0.9, gradient_norm: 1, seconds: 5 });
  assert.equal(clockOf(story)(300), 40); // 50 steps in 5 seconds, so 100 in 10
});

test("settings are named, and those that differ are marked", () => {
  const rows = settingRows([compared(), compared({ settings: { hidden: [], rates: [[300, 0.05]] } })]);
  assert.deepEqual(rowOf(rows, "Hidden layers"), {
    name: "Hidden layers",
    texts: ["16", "none"],
    differs: true,
    best: null,
  });
  assert.deepEqual(rowOf(rows, "Other learning rates")?.texts, ["none", "0.05 from step 300"]);
  assert.equal(rowOf(rows, "Images")?.differs, false);
});

test("changes during a run are a row of the settings", () => {
  const other = compared();
  other.story.add("rate", { step: 1200, learning_rate: 0.5 });
  other.story.add("pause", { step: 1200 });
  assert.deepEqual(rowOf(settingRows([compared(), other]), "Changed during the run")?.texts, [
    "nothing",
    "learning rate 0.5 from step 1,200",
  ]);
});

test("the highest accuracy and the lowest cost are the best", () => {
  const rows = resultRows([compared({ accuracy: 0.7, cost: 2 }), compared({ accuracy: 0.9, cost: 1 })]);
  assert.equal(rowOf(rows, "Accuracy, images held out")?.best, 1);
  assert.equal(rowOf(rows, "Cost, images held out")?.best, 1);
  assert.equal(rowOf(rows, "Accuracy, test images")?.best, null);
  assert.deepEqual(rowOf(rows, "Training time")?.texts, ["30 s", "30 s"]);
});

test("none is the best where two are equal, or where the runs can't be compared", () => {
  const best = (...runs) => resultRows(runs).map((row) => row.best);
  assert.ok(best(compared(), compared()).every((index) => index === null));
  const clothes = compared({ accuracy: 0.9, settings: { dataset: "clothes" } });
  assert.ok(best(compared(), clothes).every((index) => index === null));
});

test("a caution says why lines can't be compared", () => {
  const other = compared({ settings: { cost: "cross-entropy" } });
  assert.equal(cautionWords([compared(), compared()], "cost"), "");
  assert.match(cautionWords([compared(), other], "cost"), /different costs/);
  assert.equal(cautionWords([compared(), other], "accuracy"), "");
  assert.match(cautionWords([compared(), compared({ settings: { dataset: "a" } })], "accuracy"), /different images/);
});

test("a run is called by its name and number", () => {
  assert.equal(runName({ id: 5, name: null }), "Run 5");
  assert.equal(runName({ id: 5, name: "Trial" }), "Trial (run 5)");
});

test("the measured accuracy is a row and a line of the runs that have it", () => {
  const measured = compared({ settings: { dataset: "room-A", measured_on: "room-A" } });
  measured.story.add("cost", { step: 300, cost: 1 });
  measured.story.add("epoch", { epoch: 3, cost: 1, accuracy: 0.9, measured_accuracy: 0.75, seconds: 5 });

  assert.deepEqual(pointsOf(measured, "measured_accuracy", "epochs"), [{ x: 3, y: 0.75 }]);
  assert.deepEqual(pointsOf(compared(), "measured_accuracy", "epochs"), []);
  assert.deepEqual(rowOf(resultRows([measured, compared()]), "Measured accuracy")?.texts, ["75.00%", "–"]);
  assert.equal(rowOf(resultRows([compared(), compared()]), "Measured accuracy"), undefined);
});

test("runs on different images can be compared by what they are measured on, if that is the same", () => {
  const on = (dataset, collection_sha256) =>
    compared({ settings: { dataset, measured_on: "room-A", collection_sha256 } });

  assert.equal(cautionWords([on("mnist", "a"), on("room-A", "a")], "measured_accuracy"), "");
  assert.match(cautionWords([on("mnist", "a"), on("room-A", "b")], "measured_accuracy"), /different images/);
  assert.match(cautionWords([on("mnist", "a"), on("room-A", "a")], "accuracy"), /different images/);
});
