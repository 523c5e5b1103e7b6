import assert from "node:assert/strict";
import { test } from "node:test";
import { curveWords, isAtRest, sentenceAbout, signed } from "../../../static/learn/slope/slope-words.js";

function words(points, more = {}) {
  const list = points.map(([value, cost, slope]) => ({ value, cost, slope }));
  return sentenceAbout({ points: list, next: null, learningRate: 0.1, span: 4, ridge: null, ...more });
}

test("numbers have a real minus sign", () => {
  assert.deepEqual([-0.5, 1.5, -1e-7].map(signed), ["−0.5", "1.5", "−1.0e−7"]);
});

test("before the first step the slope says which way the ball will go", () => {
  assert.match(words([[1, 2, -3]]), /negative: .* the step goes right\.$/);
  assert.match(words([[1, 2, 3]]), /positive: .* the step goes left\.$/);
});

test("a jump across the valley says where it landed", () => {
  assert.match(
    words([
      [-1, 1, -2],
      [1, 0.5, 1],
    ]),
    /^It jumped across the valley and landed lower\.$/,
  );
  assert.match(
    words([
      [-1, 1, -2],
      [2, 3, 4],
    ]),
    /landed higher\. The step is wider than the valley\.$/,
  );
  assert.match(
    words([
      [-1, 1, -2],
      [2, 3, 4],
      [-1.5, 2, -3],
    ]),
    /^It jumps from side to side, higher than it began/,
  );
});

test("a ball that leaves the chart diverges", () => {
  assert.match(words([[1, 2, 3]], { next: -40.5 }), /leads to −40\.5, far outside the chart: it diverges\.$/);
});

test("a ball at rest is at the bottom, or stuck when a deeper valley lies behind the ridge", () => {
  const walk = [
    [3, 4, 3],
    [1.8, 0.5, 1e-5],
  ];
  assert.match(words(walk), /bottom of a valley/);
  assert.match(words(walk, { ridge: 1.4 }), /it is stuck/);
  assert.match(words([walk[1]]), /hardly moves the ball/);
  assert.match(words([[0, 1, 0]]), /The slope is 0: no step moves the ball/);
});

test("after many steps that hardly moved the ball, the learning rate is too small", () => {
  const walk = Array.from({ length: 12 }, (_, i) => [2 - i / 100, 2, 2]);
  assert.equal(words(walk), "11 steps, and it has hardly moved: the learning rate is too small.");
  const flattening = walk.map(([value, cost], i) => [value, cost, 2 - i / 6]);
  assert.match(words(flattening), /the step goes left/);
});

test("a ball is at rest when its step is too small to see in the chart", () => {
  const ball = { value: 0, cost: 1, slope: 0.01 };
  assert.equal(isAtRest(ball, 0.001, 1), true);
  assert.equal(isAtRest(ball, 1, 1), false);
  assert.equal(isAtRest(ball, 1, 1000), true);
});

test("a valley is told from left to right", () => {
  const curve = Array.from({ length: 21 }, (_, i) => ({ x: (i - 10) / 10, y: 0.25 + ((i - 8) / 10) ** 2 }));
  assert.equal(
    curveWords(curve),
    "From left to right the curve falls until −0.2, from 0.89 to 0.25, then rises to 1.7.",
  );
});
