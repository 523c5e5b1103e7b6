import assert from "node:assert/strict";
import { test } from "node:test";

import {
  isActive,
  runsText,
  secondsTaken,
  settingsLine,
  sizesText,
  statusText,
} from "../../../static/train/run-words.js";

test("a run is active from its start until it has ended, paused or not", () => {
  const statuses = ["queued", "starting", "running", "paused", "stopping", "finished", "stopped", "failed", "diverged"];
  assert.deepEqual(
    statuses.filter((status) => isActive({ status })),
    ["starting", "running", "paused", "stopping"],
  );
});

test("a status names the place in the queue, or where the run is published", () => {
  assert.equal(statusText({ status: "queued", place: 2, published_as: [] }), "queued, place 2");
  assert.equal(statusText({ status: "queued", place: null, published_as: [] }), "queued");
  assert.equal(
    statusText({ status: "finished", place: null, published_as: ["a", "b"] }),
    "finished, published as a, b",
  );
});

test("the settings of a run make a line, with the preset in front if there is one", () => {
  const settings = { hidden: [32, 16], activation: "relu", cost: "cross-entropy", optimizer: "adam" };
  assert.equal(
    settingsLine({ ...settings, preset: "quick", learning_rate: 0.004, batch_size: 64 }),
    "quick · 784-32-16-10 · relu · cross-entropy · adam at 0.004 · batches of 64",
  );
  assert.equal(
    settingsLine({ ...settings, preset: null, learning_rate: 3, batch_size: null }),
    "784-32-16-10 · relu · cross-entropy · adam at 3 · full batch",
  );
  assert.equal(sizesText([]), "784-10");
});

test("the time of a run is known once it has ended", () => {
  const started_at = "2026-01-01T00:00:00Z";
  assert.equal(secondsTaken({ started_at, ended_at: "2026-01-01T00:01:30Z" }), 90);
  assert.equal(secondsTaken({ started_at, ended_at: null }), null);
  assert.equal(secondsTaken({ started_at: null, ended_at: started_at }), null);
});

test("up to five runs are named, more are counted", () => {
  assert.equal(runsText([5]), "Run 5");
  assert.equal(runsText([3, 5, 8]), "Runs 3, 5 and 8");
  assert.equal(runsText([1, 2, 3, 4, 5, 6]), "6 runs");
});
