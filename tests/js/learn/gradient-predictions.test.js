import assert from "node:assert/strict";
import { test } from "node:test";
import {
  imagesOutcome,
  minima,
  planeOutcome,
  steepestOutcome,
} from "../../../static/learn/gradient/gradient-predictions.js";

const BOWL = [
  [8, 5, 8],
  [5, 1, 5],
  [8, 5, 8],
];

test("a lowest place of a map is lower than all beside it, at an edge too", () => {
  assert.equal(minima(BOWL), 1);
  assert.equal(minima([[1, 5, 2, 6, 3]]), 3);
  assert.equal(
    minima([
      [9, 9, 1],
      [9, 2, 9],
    ]),
    1,
    "the neighbour on the diagonal is lower",
  );
});

test("a landscape is a bowl with one lowest place, has valleys with more, and is flat where costs hardly differ", () => {
  assert.equal(planeOutcome(BOWL).truth, "bowl");
  assert.match(planeOutcome(BOWL).why, /from 1 to 8, with one lowest place/);
  const valleys = planeOutcome([[1, 5, 2, 6, 3]]);
  assert.equal(valleys.truth, "valleys");
  assert.match(valleys.why, /has 3 lowest places/);
  assert.equal(planeOutcome([[2, 3, 2.5]]).truth, "flat");
});

test("of a mini-batch and a full batch the one with the lower cost ends lower", () => {
  const plane = { batch_size: 128, rival: { batch_size: null } };
  const [low, high] = [
    { step: 200, cost: 0.07 },
    { step: 25, cost: 0.7 },
  ];
  const mini = imagesOutcome(plane, low, high);
  assert.equal(mini.truth, "mini");
  assert.match(mini.why, /^200 rough steps reach a cost of 0\.07, 25 exact ones 0\.7: 128 images show the way well/);
  const full = imagesOutcome(plane, { ...low, cost: 0.9 }, high);
  assert.equal(full.truth, "full");
  assert.match(full.why, /don't show/);
});

test("the steepest weight counts up and down, and pixels with ink apart from paper", () => {
  const first = { weights: [[0, -0.5]] };
  const [hidden, output] = [{ weights: [[0.3]] }, { weights: [[0.2], [-0.4]] }];
  const ink = steepestOutcome([first, hidden, output], [0, 1]);
  assert.equal(ink.truth, "ink");
  assert.match(
    ink.why,
    /From ink it is 0\.5, between hidden layers 0\.3, into an output 0\.4\. From paper it is 0: paper is 0,/,
  );
  assert.equal(steepestOutcome([first, hidden, { weights: [[-0.6]] }], [0, 1]).truth, "output");
  assert.equal(steepestOutcome([first, { weights: [[0.7]] }, output], [0, 1]).truth, "hidden");
});
