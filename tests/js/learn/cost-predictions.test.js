import assert from "node:assert/strict";
import { test } from "node:test";
import { meanOutcome, sureOutcome, worseOutcome } from "../../../static/learn/cost/cost-predictions.js";

const wanted = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
/** What the network costs that gives the wanted digit this. */
const giving = (output) => ({
  outputs: wanted.map((y) => y * output),
  wanted,
  cross_entropy: -Math.log(output),
  quadratic: (1 - output) ** 2 / 2,
});

test("the higher cost is that of the network that gives the right digit less", () => {
  assert.equal(sureOutcome(giving(0.008), giving(0.1)).truth, "trained");
  assert.equal(sureOutcome(giving(0.6), giving(0.1)).truth, "random");
  assert.equal(sureOutcome(giving(0.11), giving(0.1)).truth, "same");
  const { why } = sureOutcome(giving(0.008), giving(0.1));
  assert.match(why, /gives the 8 only 0\.008, so its cost is 4\.83\..* gives it 0\.1: 2\.3\./);
});

test("a cost rises by more than 1, or does not", () => {
  const costing = (crossEntropy, quadratic) => ({ cross_entropy: crossEntropy, quadratic });
  assert.equal(worseOutcome(costing(4, 0.5), costing(9, 0.9)).truth, "entropy");
  assert.equal(worseOutcome(costing(4, 0.5), costing(9, 1.6)).truth, "both");
  assert.equal(worseOutcome(costing(4, 0.5), costing(4.9, 0.9)).truth, "none");
  assert.match(
    worseOutcome(costing(4.8281, 0.984), costing(17.41, 0.992)).why,
    /4\.83 to 17\.4: .* 0\.984 to 0\.992\./,
  );
});

test("the mean is compared with the digit's own cost, and the few that cost much are named", () => {
  const sample = [0.001, 0.002, 0.003, 1.512].map((cost) => ({ cross_entropy: cost }));
  const outcomeOf = (own, mean) => meanOutcome({ cross_entropy: own, mean: { cross_entropy: mean }, sample });
  assert.equal(outcomeOf(0.0084, 0.05).truth, "higher");
  assert.equal(outcomeOf(0.2, 0.05).truth, "lower");
  assert.equal(outcomeOf(0.06, 0.05).truth, "same");
  assert.match(outcomeOf(0.0084, 0.05).why, /costs 0\.0084, the mean is 0\.0500\. .* 3 cost less .* up to 1\.51,/);
});
