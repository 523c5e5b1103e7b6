import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mapSummary,
  normSummary,
  placeWords,
  planeWords,
  rivalWords,
  slopesWords,
} from "../../../static/learn/gradient/gradient-words.js";

const START = { step: 0, x: 0, y: 0, cost: 2.31, norm: 2.5 };
const END = { step: 200, x: 1, y: 1, cost: 0.45, norm: 0.25 };
const COURSE = { learning_rate: 0.1, batch_size: 128, steps: 200 };
const SURFACE = { xs: [0], ys: [0], costs: [[0.4, 9]], path: [START, END], rival: null, in_plane: 0.934 };

function plane(rival) {
  return { kind: /** @type {const} */ ("path"), seed: 1, ...COURSE, rival: { ...COURSE, ...rival } };
}

test("a place says why the path ends there", () => {
  const words = (isStop, tolerance) => placeWords({ here: END, isStop, tolerance });
  assert.equal(words(false, 0.3), "After step 200 the cost is 0.45, the norm 0.25.");
  assert.match(words(true, 0.3), / That is below the tolerance of 0\.3: it stops\.$/);
  assert.match(words(true, 0), / It has no steps left\.$/);
});

test("a rival with other batches is compared by the images it has seen", () => {
  const there = { ...END, step: 25 };
  const words = rivalWords(plane({ batch_size: null, steps: 25 }), END, there);
  assert.equal(
    words,
    "The dashed path (full batch) has a cost of 0.45 after step 25. It has seen 25,000 images, the other 25,600.",
  );
});

test("a rival with another learning rate is named by it", () => {
  const words = rivalWords(plane({ learning_rate: 0.3 }), END, END);
  assert.equal(words, "The dashed path (η = 0.3) has a cost of 0.45 after step 200.");
});

test("a plane says how much of the movement it shows", () => {
  assert.equal(planeWords(SURFACE, "path"), "This plane shows 93% of its movement.");
  assert.equal(planeWords({ ...SURFACE, rival: [START] }, "path"), "This plane shows 93% of both movements.");
  assert.match(planeWords(SURFACE, "random"), /two directions only/);
});

test("the summaries for screen readers have the ends of the path", () => {
  assert.match(
    mapSummary(SURFACE, END),
    /from 0\.4 to 9\. The path starts at a cost of 2\.31 .* step 200 is at 0\.45\.$/,
  );
  assert.match(mapSummary({ ...SURFACE, rival: [START] }, END), /A second, dashed path/);
  assert.equal(
    normSummary(SURFACE),
    "The norm of the gradient: 2.5 at the start, 0.25 at the end. Falls from 2.5 to 0.25.",
  );
});

test("the gradient of one digit says what there is to learn", () => {
  const words = (more) =>
    slopesWords({ network: "trained", about: { digit: 7 }, reads: 7, cost: 0.02, norm: 0.2, ...more });
  assert.match(words({}), /^The cost is 0\.02, the norm of the gradient 0\.2\. It is right, but not quite sure/);
  assert.match(words({ cost: 0.003 }), /almost nothing to learn/);
  assert.match(words({ about: { digit: 3 } }), /It says 7, you say 3: a step would move it towards 3\.$/);
  assert.match(words({ network: "random" }), /It knows nothing yet/);
  assert.match(words({ about: null }), /in the mean most of it cancels out/);
  assert.match(words({ about: null, network: "random" }), /lowers the mean cost of the 1,000/);
});
