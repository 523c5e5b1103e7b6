import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKS, DEFAULTS, lengthFor, MAX_LENGTH, RACES } from "../../../static/learn/descent/descent-state.js";

test("a descent has 240 steps, and twice as many each time it is continued", () => {
  assert.deepEqual([0, 240, 241, 481, MAX_LENGTH].map(lengthFor), [240, 240, 480, 960, 1_920]);
});

test("the defaults pass the checks, and impossible values don't", () => {
  for (const [key, check] of Object.entries(CHECKS)) assert.equal(check(DEFAULTS[key]), true, key);
  assert.deepEqual([CHECKS.seed(-1), CHECKS.seedB(1.5), CHECKS.step(1e9), CHECKS.to(7)], [false, false, false, false]);
});

test("each prepared race starts at step 0 from the same random numbers", () => {
  for (const race of Object.values(RACES)) {
    assert.deepEqual([race.race, race.step, race.to, race.seedB], [true, 0, 240, null]);
    assert.notDeepEqual([race.rate, race.batch], [race.rateB, race.batchB]);
  }
});
