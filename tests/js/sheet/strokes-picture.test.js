import assert from "node:assert/strict";
import { test } from "node:test";

import { pathOf } from "../../../static/sheet/strokes-picture.js";

const stroke = (...points) => points.map(([x, y]) => ({ x, y }));

test("a stroke is a curve through the midpoints between its points", () => {
  assert.equal(pathOf([stroke([0, 0], [0.5, 0], [0.5, 1])]), "M 0 0 Q 50 0 50 50 L 50.01 100");
});

test("a dot is a very short line, and each stroke begins anew", () => {
  assert.equal(pathOf([stroke([0.5, 0.5]), stroke([0.1, 1 / 3])]), "M 50 50 L 50.01 50 M 10 33.33 L 10.01 33.33");
});
