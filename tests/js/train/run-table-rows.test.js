import assert from "node:assert/strict";
import { test } from "node:test";

import { COLUMNS, countWords, isFound, textsOf } from "../../../static/train/runs/run-table-rows.js";

const RUN = {
  ...{ id: 7, name: "Baseline", note: "Before lunch", sweep_id: 3, status: "finished", published_as: ["classic"] },
  ...{ place: null, learning_rate: 0.1 },
  ...{ epoch: 2, accuracy: 0.9512, test_accuracy: null, cost: 0.123456, created_at: "2026-01-01T00:00:00Z" },
  ...{ started_at: "2026-01-01T00:00:00Z", ended_at: "2026-01-01T00:03:20Z" },
  settings: {
    ...{ preset: null, hidden: [16], activation: "relu", cost: "quadratic", optimizer: "sgd", learning_rate: 0.1 },
    ...{ batch_size: 32, epochs: 4, dataset: "clothes", seed: 5, rates: [] },
  },
};
const PRESETS = { presets: {}, defaults: { seed: 0 } };
const ANY = { find: "", status: "", preset: "" };

test("a row shows the name of a run, and its number with the settings", () => {
  const now = new Date("2026-01-01T00:05:00Z").getTime();
  assert.deepEqual(textsOf(RUN, PRESETS, now), {
    ...{ link: "Baseline", note: "Before lunch", status: "finished, published as classic", epochs: "2 of 4" },
    ...{ accuracy: "95.12%", test: "–", cost: "0.1235", took: "3 min 20 s", when: "5 min ago" },
    settings: "Run 7 · sweep 3 · clothes · 784-16-10 · relu · quadratic · sgd at 0.1 · batches of 32 · seed 5",
  });
  assert.equal(textsOf({ ...RUN, name: null, ended_at: null }, PRESETS).link, "Run 7");
  assert.equal(textsOf({ ...RUN, ended_at: null }, PRESETS).took, "–");
});

test("a row names the learning rate that was set on the way", () => {
  assert.match(textsOf({ ...RUN, learning_rate: 0.05 }, PRESETS).settings, / · rate now 0\.05$/);
});

test("a run is found by all words, wherever they are", () => {
  for (const find of ["", "base LUNCH", "run 7", "sweep 3 clothes", "sgd 784-16-10", "seed 5"]) {
    assert.ok(isFound(RUN, { ...ANY, find }, PRESETS), find);
  }
  assert.ok(!isFound(RUN, { ...ANY, find: "base dinner" }, PRESETS));
});

test("a run is found by its status, and by its preset", () => {
  assert.ok(isFound({ ...RUN, status: "paused" }, { ...ANY, status: "active" }, PRESETS));
  assert.ok(!isFound(RUN, { ...ANY, status: "active" }, PRESETS));
  assert.ok(!isFound(RUN, { ...ANY, status: "failed" }, PRESETS));
  assert.ok(isFound(RUN, { ...ANY, preset: "none" }, PRESETS));
  assert.ok(!isFound(RUN, { ...ANY, preset: "quick" }, PRESETS));
});

test("the count says what is shown, and that older runs are not searched", () => {
  const counts = { shown: 1, known: 1, hasOlder: false, isFiltered: false };
  assert.equal(countWords(counts), "1 run.");
  assert.equal(countWords({ ...counts, known: 100, hasOlder: true }), "The newest 100 runs.");
  assert.equal(countWords({ ...counts, shown: 3, known: 20, isFiltered: true }), "3 of 20 runs.");
  assert.equal(
    countWords({ shown: 10, known: 100, hasOlder: true, isFiltered: true }),
    "10 of the newest 100 runs. Older runs are not loaded yet, so they are not searched.",
  );
});

test("runs are sorted by their values", () => {
  assert.deepEqual(
    Object.values(COLUMNS).map(({ value }) => value(RUN)),
    [7, "finished", 2, 0.9512, null, 0.123456, 200, "2026-01-01T00:00:00Z"],
  );
});
