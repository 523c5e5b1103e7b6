import assert from "node:assert/strict";
import { test } from "node:test";

import { axesOf } from "../../../static/train/sweeps/sweep-axes.js";
import { planOf } from "../../../static/train/sweeps/sweep-plan.js";
import * as words from "../../../static/train/sweeps/sweep-words.js";

const FIELDS = { base: "quick", dataset: "mnist", epochs: "2", method: "grid", runs: "12", seed: "0", parallel: "2" };
const ROW = { field: "seed", scale: "values", text: "", chosen: [], low: "", high: "" };
const RUN = {
  ...{ id: 4, status: "finished", settings: { learning_rate: 0.01, hidden: [16] }, steps: 100, step: 100, epochs: 1 },
  ...{ epoch: 1, cost: 0.2, accuracy: 0.95, test_accuracy: null },
  ...{ started_at: "2026-01-01T00:00:00Z", ended_at: "2026-01-01T00:00:50Z" },
};

test("lists become values, and layers lists of sizes", () => {
  const rows = [
    { ...ROW, field: "hidden", text: "16-16, 32, none" },
    { ...ROW, field: "batch_size", text: "16, all" },
    { ...ROW, field: "activation", chosen: ["relu"], text: "ignored" },
  ];
  assert.deepEqual(planOf(FIELDS, rows), {
    base: { preset: "quick", dataset: "mnist", epochs: 2 },
    method: "grid",
    parallel: 2,
    vary: {
      hidden: { values: [[16, 16], [32], []] },
      batch_size: { values: [16, null] },
      activation: { values: ["relu"] },
    },
  });
});

test("a range is drawn from only at random, which has a number of runs and a seed", () => {
  const row = { ...ROW, field: "learning_rate", scale: "log", text: "0.1", low: "0.001", high: "1" };
  assert.deepEqual(planOf(FIELDS, [row]).vary, { learning_rate: { values: [0.1] } });
  const plan = planOf({ ...FIELDS, method: "random" }, [row]);
  assert.deepEqual(plan.vary, { learning_rate: { low: 0.001, high: 1, scale: "log" } });
  assert.deepEqual([plan.runs, plan.seed], [12, 0]);
});

test("text that is not a number is sent as it is", () => {
  const { parallel, vary } = planOf({ ...FIELDS, parallel: "many" }, [{ ...ROW, text: "1, x" }]);
  assert.deepEqual([parallel, vary], ["many", { seed: { values: [1, "x"] } }]);
});

test("a plan is described in a sentence", () => {
  const plan = { base: { epochs: 1, preset: "quick" }, method: "grid", parallel: 2, vary: { seed: {}, hidden: {} } };
  assert.equal(
    words.planText({ plan, total: 9 }),
    "Every combination of seed and hidden layers: 9 runs of 1 epoch, 2 at once. Based on quick. Images: MNIST.",
  );
  const random = {
    ...plan,
    base: { epochs: 3, dataset: "clothes" },
    method: "random",
    parallel: 1,
    vary: { epochs: {} },
  };
  assert.equal(
    words.planText({ plan: random, total: 4 }),
    "Epochs, chosen at random: 4 runs, one after another. All other settings are the same in each run. Images: clothes.",
  );
});

test("runs are counted by status, and can be resumed if some have not ended", () => {
  const sweep = { status: "stopped", total: 9, runs_by_status: { finished: 6, diverged: 1, stopped: 2 } };
  assert.equal(words.countsText(sweep), "7 of 9 ended, 2 stopped, 1 diverged");
  assert.ok(words.canResume(sweep));
  assert.ok(!words.canResume({ ...sweep, status: "running" }));
  assert.ok(!words.canResume({ ...sweep, runs_by_status: { finished: 9 } }));
});

test("a run is named with its settings and its accuracy", () => {
  assert.equal(words.runText(RUN), "Run 4: learning rate 0.01, hidden layers 16; accuracy 95.00%.");
  assert.match(words.runText({ ...RUN, accuracy: null, status: "queued" }), /; queued\.$/);
});

test("the time left follows from the finished runs, and how many run at once", () => {
  const runs = [RUN, { ...RUN, status: "running", step: 60 }, { ...RUN, status: "queued", step: 0 }];
  assert.equal(words.secondsLeft({ plan: { parallel: 2 }, runs }), 35); // 140 steps of half a second, two at once
  assert.equal(words.secondsLeft({ plan: { parallel: 2 }, runs: runs.slice(1) }), null);
  assert.equal(words.shareDone({ runs }), 160 / 300);
  assert.equal(words.shareDone({ runs: [{ ...RUN, status: "diverged", step: 3 }] }), 1);
});

test("listed values are even on their axis, and numbers far apart on a logarithmic one", () => {
  const sweep = {
    ...{ fields: ["hidden", "learning_rate"], runs: [RUN] },
    plan: { vary: { hidden: { values: [[16], [32], []] }, learning_rate: { values: [0.001, 0.01, 0.1] } } },
  };
  const [hidden, rate, accuracy] = axesOf(sweep);
  assert.deepEqual(hidden.ticks, [
    { at: 0, text: "16" },
    { at: 0.5, text: "32" },
    { at: 1, text: "none" },
  ]);
  assert.equal(hidden.at(RUN), 0);
  assert.ok(Math.abs((rate.at(RUN) ?? 0) - 0.5) < 1e-12);
  assert.equal(accuracy.at({ ...RUN, accuracy: null }), null);
});

test("the axis of a range has its ends as ticks", () => {
  const plan = { vary: { learning_rate: { low: 0.003, high: 0.3, scale: "log" } } };
  const [{ ticks }] = axesOf({ fields: ["learning_rate"], runs: [], plan });
  assert.deepEqual(
    [ticks[0], ticks.at(-1)],
    [
      { at: 0, text: "0.003" },
      { at: 1, text: "0.3" },
    ],
  );
});

test("in a list, a comma is a decimal comma where it parts no numbers", () => {
  const listed = (field, text) => planOf(FIELDS, [{ ...ROW, field, text }]).vary[field].values;
  assert.deepEqual(listed("learning_rate", "0,05"), [0.05]);
  assert.deepEqual(listed("learning_rate", "0,001, 0,004; 0.02"), [0.001, 0.004, 0.02]);
  assert.deepEqual(listed("learning_rate", "0.1,0.2, 0.3"), [0.1, 0.2, 0.3]);
  assert.deepEqual(listed("learning_rate", "1,2,3"), [1, 2, 3]);
  assert.deepEqual(listed("batch_size", "16,64"), [16, 64]);
});
