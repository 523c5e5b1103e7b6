import assert from "node:assert/strict";
import { test } from "node:test";

import { linkOf, settingsOf } from "../../../static/train/recipe-link.js";

const DEFAULTS = {
  ...{ hidden: [16, 16], activation: "relu", learning_rate: 0.1, batch_size: 32, epochs: 20, seed: 0, decay: false },
  ...{ teacher: null, dataset: "mnist", data_sha256: null, rates: [], last_step: null },
};

test("settings as usual make a link without any", () => {
  assert.equal(linkOf(DEFAULTS, DEFAULTS), "runs");
});

test("a link names what differs from the defaults, and nothing that has no default", () => {
  const settings = {
    ...DEFAULTS,
    hidden: [32, 16],
    batch_size: null,
    rates: [
      [120, 0.05],
      [300, 1e-6],
    ],
    preset: "x",
  };
  assert.equal(linkOf(settings, DEFAULTS), "runs?hidden=32,16&batch_size=null&rates=120:0.05,300:0.000001");
});

test("a link is read back as the settings it was made of", () => {
  const settings = {
    ...{ ...DEFAULTS, hidden: [], activation: "leaky-relu", learning_rate: 0.30000000000000004, batch_size: null },
    ...{ seed: 4294967295, decay: true, teacher: "wide", dataset: "my & set", last_step: 7 },
    ...{
      data_sha256: "0".repeat(64),
      rates: [
        [120, 0.05],
        [300, 1e-6],
      ],
    },
  };
  assert.deepEqual(settingsOf(linkOf(settings, DEFAULTS).slice(4), DEFAULTS), settings);
});

test("an address that names no setting is no recipe", () => {
  assert.equal(settingsOf("?like=3", DEFAULTS), null);
  assert.equal(settingsOf("", DEFAULTS), null);
});

test("a list in the address may be empty", () => {
  assert.deepEqual(settingsOf("?hidden=&rates=&like=3", DEFAULTS), { ...DEFAULTS, hidden: [] });
});

test("what can't be read stays as it is by default", () => {
  const search = "?hidden=a,3&rates=1&seed=&decay=yes&learning_rate=null&last_step=7&dataset=123&preset=quick";
  assert.deepEqual(settingsOf(search, DEFAULTS), { ...DEFAULTS, last_step: 7, dataset: "123" });
});
