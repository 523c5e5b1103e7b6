import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fullLine,
  isActive,
  isCollection,
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
  assert.equal(statusText({ status: "queued", place: 2, published_as: [] }), "queued, place\u00a02");
  assert.equal(statusText({ status: "queued", place: null, published_as: [] }), "queued");
  assert.equal(
    statusText({ status: "finished", place: null, published_as: ["a", "b"] }),
    "finished, published as a, b",
  );
});

test("the settings of a run make a line, with the preset in front if there is one", () => {
  const settings = { dataset: "mnist", hidden: [32, 16], activation: "relu", cost: "cross-entropy", optimizer: "adam" };
  assert.equal(
    settingsLine({ ...settings, preset: "quick", learning_rate: 0.004, batch_size: 64 }),
    "quick · MNIST · 784-32-16-10 · relu · cross-entropy · adam at 0.004 · batches of 64",
  );
  assert.equal(
    settingsLine({ ...settings, preset: null, dataset: "clothes", learning_rate: 3, batch_size: null }),
    "clothes · 784-32-16-10 · relu · cross-entropy · adam at 3 · full batch",
  );
  assert.equal(sizesText([]), "784-10");
});

test("settings that the line lacks are named where they differ from the preset, or from the defaults", () => {
  const line = { dataset: "mnist", hidden: [], activation: "relu", cost: "c", optimizer: "sgd", learning_rate: 1 };
  const others = { batch_size: null, seed: 0, pace: 0, decay: false, teacher: null, rates: [], data_sha256: null };
  const defaults = { ...line, ...others, preset: null };
  const known = { presets: { quick: { ...defaults, preset: "quick", decay: true, seed: 3 } }, defaults };
  const named = (settings) => fullLine({ ...defaults, ...settings }, known).split("full batch")[1];
  assert.equal(named({}), "");
  assert.equal(
    named({ seed: 5, pace: 1, rates: [[9, 0.1]], data_sha256: "ab" }),
    " · seed 5 · pace 1 s · rate changes",
  );
  assert.equal(named({ preset: "quick", seed: 3, teacher: "wide" }), " · constant rate · teacher wide");
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

test("the line names the added images, and a room is a collection with its code or without", () => {
  const settings = { dataset: "mnist", also: "room-A", hidden: [], optimizer: "sgd", learning_rate: 1, batch_size: 8 };

  assert.match(settingsLine(settings), /^MNIST and room-A · 784-10/);
  assert.deepEqual(["room-A", "room", "corrections", "mnist", "roomy"].map(isCollection), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
