import assert from "node:assert/strict";
import { test } from "node:test";
import { rateOutcome, stepOutcome, valleyOutcome } from "../../../static/learn/slope/slope-predictions.js";

const at = (value, slope, cost = 1) => ({ value, slope, cost });

test("a step goes against the slope, and across the valley where the slope changes its sign", () => {
  assert.equal(stepOutcome([at(0, -2), at(1, -1)], 0.5).truth, "right");
  assert.equal(stepOutcome([at(0, 2), at(-1, 1)], 0.5).truth, "left");
  assert.equal(stepOutcome([at(0, -2), at(3, 1)], 1.5).truth, "across");
  assert.match(stepOutcome([at(0, -2), at(1, -1)], 0.5).why, /slope was −2,.* right: 0\.5 · 2 = 1 far/);
});

test("the rate that overshoots is the one whose walk ends highest", () => {
  const walks = { small: [at(0, 1, 2), at(0, 0, 0.1)], large: [at(0, 1, 2), at(0, 9, 8)] };
  const { truth, why } = rateOutcome(walks, { small: 0.3, large: 7.4 });
  assert.equal(truth, "large");
  assert.match(why, /^With 7\.4 the steps .* from 2 to 8 in 1 steps\. .* ends at 0\.1\./);
});

test("a ball stays in the shallow valley unless it came over the ridge", () => {
  const stuck = valleyOutcome([at(3, 1), at(1.8, -4e-16)]);
  assert.equal(stuck.truth, "no");
  assert.match(stuck.why, /the slope is almost 0:/);
  assert.equal(valleyOutcome([at(-3, -1), at(0, 0)]).truth, "yes");
});
