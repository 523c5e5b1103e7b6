import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut, neuronAfter } from "../../../static/network/diagram-layout.js";

const SIZES = [784, 16, 16, 10];

test("on a wide stage the layers stand from left to right, on a narrow one from top to bottom", () => {
  const wide = layOut(SIZES, { width: 900, height: 420 });
  const narrow = layOut(SIZES, { width: 340, height: 560 });
  assert.deepEqual([wide.isWide, narrow.isWide], [true, false]);
  const [first, second] = wide.columns;
  assert.ok(first.xs[0] > wide.picture.side && second.xs[0] > first.xs[0]);
  const [top, below] = narrow.columns;
  assert.ok(Math.min(...top.ys) > narrow.picture.side && Math.min(...below.ys) > Math.max(...top.ys));
});

for (const stage of [
  { width: 900, height: 420 },
  { width: 340, height: 560 },
]) {
  test(`every neuron lies on a stage ${stage.width} wide, apart from its neighbours`, () => {
    const { columns, picture } = layOut(SIZES, stage);
    assert.deepEqual(
      columns.map(({ xs }) => xs.length),
      [16, 16, 10],
    );
    assert.equal(picture.side % 28, 0); // each pixel of the input as wide as the next
    for (const { xs, ys, radius } of columns) {
      for (let n = 0; n < xs.length; n++) {
        assert.ok(xs[n] >= 0 && xs[n] <= stage.width && ys[n] >= 0 && ys[n] <= stage.height);
        if (n > 0) assert.ok(Math.hypot(xs[n] - xs[n - 1], ys[n] - ys[n - 1]) > 2 * radius);
      }
    }
  });
}

test("arrow keys walk along a layer and stop at its ends", () => {
  const after = (key, neuron) => neuronAfter(key, { layer: 1, neuron }, SIZES, true);
  assert.deepEqual(after("ArrowDown", 3), { layer: 1, neuron: 4 });
  assert.deepEqual(after("ArrowDown", 15), { layer: 1, neuron: 15 });
  assert.deepEqual(after("End", 3), { layer: 1, neuron: 15 });
  assert.equal(after("a", 3), null);
});

test("across to another layer one arrives as far along as in this one", () => {
  assert.deepEqual(neuronAfter("ArrowRight", { layer: 2, neuron: 15 }, SIZES, true), { layer: 3, neuron: 9 });
  assert.deepEqual(neuronAfter("ArrowUp", { layer: 3, neuron: 4 }, SIZES, false), { layer: 2, neuron: 7 });
  assert.deepEqual(neuronAfter("ArrowLeft", { layer: 1, neuron: 4 }, SIZES, true), { layer: 1, neuron: 4 });
});
