import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { costOf, slopeOf } from "../../../static/learn/slope/slope-curve.js";
import { mountView } from "../../../static/learn/slope/slope-view.js";

const QUESTION = {
  line: { kind: /** @type {const} */ ("drawn"), parameter: { layer: 3, neuron: 4, input: 13 }, seed: 1, about: null },
  view: /** @type {const} */ ("wide"),
  start: 3,
  rate: 0.1,
  steps: 0,
  held: false,
};
let view;
let onAnswer;

beforeEach(() => {
  globalThis.addEventListener = () => {};
  view = mountView({ onAnswer: () => onAnswer(), say() {} });
});

afterEach(() => {
  delete globalThis.addEventListener;
});

/** What is seen once all answers have arrived. The made-up curve needs no server. */
async function settled(question) {
  for (;;) {
    const answer = new Promise((resolve) => {
      onAnswer = resolve;
    });
    const seen = view.look(question);
    if (seen?.isExact) return seen;
    await answer;
  }
}

test("nothing is seen before the first answer, then the ball at its exact place", async () => {
  assert.equal(view.look(QUESTION), null);
  const { points, range, factor } = await settled(QUESTION);
  assert.deepEqual(points, [{ value: 3, cost: costOf(3), slope: slopeOf(3) }]);
  assert.deepEqual([range, factor], [[-4, 4], 1]);
});

test("while the ball moves, its cost and slope are estimated", async () => {
  await settled(QUESTION);
  const { points, isExact } = view.look({ ...QUESTION, start: 2.5, held: true });
  assert.equal(isExact, false);
  assert.ok(Math.abs(points[0].cost - costOf(2.5)) < 1e-3);
});

test("steps follow the rule once the walk is known", async () => {
  await settled(QUESTION);
  const { points, isWhole } = await settled({ ...QUESTION, steps: 2 });
  assert.equal(isWhole, true);
  assert.equal(points[1].value, 3 - 0.1 * slopeOf(3));
  assert.equal(points.length, 3);
});

test("the chart widens for a ball outside, and doesn't shrink while a finger holds it", async () => {
  await settled(QUESTION);
  const outside = { ...QUESTION, start: 5 };
  await settled(outside);
  assert.equal((await settled(outside)).factor, 2);
  const back = { ...QUESTION, start: 1 };
  await settled({ ...back, held: true });
  assert.equal(view.look({ ...back, held: true }).factor, 2);
  assert.equal(view.look(back).factor, 1);
});

test("forgetting drops the curve", async () => {
  await settled(QUESTION);
  view.forget();
  assert.equal(view.look(QUESTION), null);
});
