import assert from "node:assert/strict";
import { test } from "node:test";

import { wrongWith } from "../../../static/train/form/run-form-limits.js";
import { refusalOf } from "../../../static/train/form/run-form-refusal.js";
import * as settings from "../../../static/train/form/run-form-settings.js";
import { aboutWords } from "../../../static/train/form/run-form-time.js";

const EPOCHS = { min: 1, max: 1000, whole: true, optional: false };

test("a number within its limits is right", () => {
  for (const text of ["1", " 20 ", "1e3"]) assert.equal(wrongWith(text, EPOCHS), "");
});

test("a decimal comma is right, and a whole number may have a separator", () => {
  assert.equal(wrongWith("0,05", { ...EPOCHS, min: 1e-6, whole: false }), "");
  assert.equal(wrongWith("1,000", EPOCHS), "");
  assert.equal(wrongWith("1,5", EPOCHS), "Type a whole number.");
});

test("a number that is wrong says what to change", () => {
  assert.equal(wrongWith("", EPOCHS), "Type a number.");
  assert.equal(wrongWith("many", EPOCHS), "Type a number.");
  assert.equal(wrongWith("1.5", EPOCHS), "Type a whole number.");
  assert.equal(wrongWith("0", EPOCHS), "At least 1.");
  assert.equal(wrongWith("1001", EPOCHS), "At most 1,000.");
  assert.equal(wrongWith("0", { ...EPOCHS, min: 1e-6, whole: false }), "At least 0.000001.");
});

test("only an optional number may be left out", () => {
  assert.equal(wrongWith(" ", { ...EPOCHS, optional: true }), "");
});

test("the server's refusal is split by field, with the fields' labels", () => {
  const labels = { hidden: "Hidden layers", epochs: "Epochs" };
  assert.deepEqual(
    refusalOf("hidden.1: Too large. Use less. epochs: Too many. seed: Odd.", (name) => labels[name]),
    {
      text: "Hidden layers: Too large. Use less. Epochs: Too many. seed: Odd.",
      byField: [
        ["hidden", "Too large. Use less."],
        ["epochs", "Too many."],
      ],
    },
  );
  assert.deepEqual(
    refusalOf("A run is active.", () => undefined),
    { text: "A run is active.", byField: [] },
  );
});

test("changed settings are found by value, in the order of the form", () => {
  const base = { hidden: [16, 16], seed: 0, decay: false };
  assert.deepEqual(settings.changedIn({ hidden: [16, 16], seed: 1, decay: true }, base), ["seed", "decay"]);
});

test("a value is named as on the button that resets it", () => {
  const words = [
    ["hidden", [16, 16]],
    ["hidden", []],
    ["batch_size", null],
    ["teacher", null],
    ["decay", true],
  ];
  assert.deepEqual(
    [...words, ["pace", 0]].map(([name, value]) => settings.valueWords(name, value)),
    ["16-16", "no layer", "all images", "none", "on", "0"],
  );
});

test("the parameters of a network are weights and biases of each layer", () => {
  assert.deepEqual(settings.parametersOf([16, 16]), {
    count: 13_002,
    terms: "(784 + 1) × 16 + (16 + 1) × 16 + (16 + 1) × 10",
  });
  assert.equal(settings.parametersOf([]).count, 7_850);
});

test("three changes of the learning rate are named, more are counted", () => {
  assert.equal(settings.ratesWords([[120, 0.01]]), "The learning rate changes during the run: to 0.01 after step 120.");
  assert.match(
    settings.ratesWords([
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
      [4, 0.4],
      [5, 0.5],
    ]),
    /to 0\.3 after step 3, and 2 more times\.$/,
  );
});

test("a data set is described by its classes and counts, or by its problem", () => {
  const set = { training: 50_000, held_out: 10_000, test: 10_000, problem: null };
  assert.equal(
    settings.datasetWords({ ...set, classes: [..."0123456789"] }),
    "The digits 0 to 9. 50,000 images to learn from, 10,000 held out, 10,000 to test.",
  );
  assert.match(settings.datasetWords({ ...set, classes: ["hat", "bag"] }), /^hat, bag\. .* can't be published\.$/);
  assert.equal(settings.datasetWords({ ...set, classes: [], problem: "No labels." }), "No labels.");
});

test("a length of time is rough, in the unit that suits it", () => {
  assert.deepEqual([0.2, 1, 42, 89, 90, 110, 5_399, 5_400, 90_000, 200_000].map(aboutWords), [
    "about 1 second",
    "about 1 second",
    "about 40 seconds",
    "about 2 minutes",
    "about 2 minutes",
    "about 2 minutes",
    "about 2 hours",
    "about 2 hours",
    "about 25 hours",
    "about 2 days",
  ]);
});

test("a hash is kept with the data sets that it came with", () => {
  const base = { dataset: "mnist", also: "room-A", measured_on: null };
  const kept = { rates: [], data_sha256: "d", collection_sha256: "c" };

  assert.deepEqual(settings.stillKept(kept, base, base), kept);
  assert.deepEqual(settings.stillKept(kept, { ...base, also: null }, base), { ...kept, collection_sha256: null });
  assert.deepEqual(settings.stillKept(kept, { ...base, dataset: "few" }, base), settings.NONE_KEPT);
  assert.match(settings.collectionWords("abcdef".repeat(10)), /begins with abcdefabcdef\./);
});
