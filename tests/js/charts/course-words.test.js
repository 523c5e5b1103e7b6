import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { comparedWords, counted, courseWords } from "../../../static/charts/course-words.js";
import { runningMean } from "../../../static/charts/running-mean.js";

const EPOCHS = counted("epoch");
const STEPS = counted("step");

/**
 * The figures of two short runs: `learns` is the preset quick, three epochs of MNIST; `stuck` is 784-2-10 at a learning
 * rate of 3, whose neurons die.
 *
 * @type {Record<string, [number, number][]>}
 */
const REAL = JSON.parse(readFileSync(new URL("real-courses.json", import.meta.url), "utf8"));

/** @param {string} name */
const real = (name) => REAL[name].map(([x, y]) => ({ x, y }));
/** @param {(number | null)[]} ys at x = 1, 2, 3 … */
const made = (...ys) => ys.map((y, i) => ({ x: i + 1, y }));

/** @type {[string, {x: number, y: number | null}[], string][]} */
const OF_EPOCHS = [
  [
    "falls fast and gets flat",
    made(2.3, 0.9, 0.2, 0.12, 0.09, 0.08, 0.08, 0.08),
    "Falls fast for 3 epochs, then flat at 0.08.",
  ],
  [
    "falls fast, then slowly",
    made(2.3, 0.9, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25),
    "Falls fast for 3 epochs, then slowly to 0.25.",
  ],
  ["falls in a straight line", made(1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4), "Falls steadily from 1 to 0.4."],
  ["falls ever more slowly", made(10, 8, 6.3, 5.2, 4.6, 4.1, 3.7, 3.4), "Falls from 10 to 3.4, ever more slowly."],
  ["rises ever faster", made(1, 1.3, 1.8, 2.6, 3.7, 5, 6.6, 9), "Rises from 1 to 9, ever faster."],
  ["rises late", made(0.3, 0.3, 0.31, 0.3, 0.5, 0.9, 1.6, 3), "Hardly changes for 6 epochs, then rises from 0.3 to 3."],
  ["has a lowest point", made(2, 1, 0.5, 0.3, 0.4, 0.8, 1.2), "Falls until epoch 4, from 2 to 0.3, then rises to 1.2."],
  [
    "has two turns",
    made(2, 1, 0.3, 1.2, 1.9, 1, 0.4),
    "Falls until epoch 3, from 2 to 0.3, then rises until epoch 5, to 1.9, then falls to 0.4.",
  ],
  ["jumps", made(1, 2, 0.5, 1.9, 0.3, 2.1, 0.6), "Jumps up and down between 0.3 and 2.1, and ends at 0.6."],
  [
    "falls in jumps",
    made(9, 6, 9, 5, 8, 4.5, 7, 3, 6, 2.5, 5, 1, 4, 0.5, 3, 0.5, 2, 0.5),
    "Falls steadily from about 9 to about 0.5, jumping up and down on the way.",
  ],
  ["stays", made(0.5, 0.5, 0.5), "Stays at 0.5."],
  ["is 0", made(0, 0, 0, 0), "Stays at 0."],
  ["trembles in a narrow band", made(2.3, 2.4, 2.3, 2.4, 2.3), "Stays between 2.3 and 2.4."],
  ["is below 0", made(-1, -2, -3, -4, -5), "Falls steadily from −1 to −5."],
  ["has two points", made(2.3, 0.4), "Falls from 2.3 to 0.4."],
  ["has one point", made(0.31), "One value: 0.31."],
  ["has no point", [], "Nothing yet."],
  ["has no finite value", made(null, NaN), "No value that can be shown."],
  ["diverges", made(2.3, 2.9, 8, null, null), "Rises from 2.3 to 8. Diverges after epoch 3."],
  ["diverges to infinity", made(1, Infinity), "One value: 1. Diverges after epoch 1."],
  ["begins late", made(null, 2, 1), "Falls from 2 to 1."],
  ["has a gap", made(2.3, null, 0.4), "Falls from 2.3 to 0.4."],
  ["is huge", made(1, 5.2e9), "Rises from 1 to 5.2e+9."],
  ["is a real cost held out", real("learns held-out"), "Falls from 0.14 to 0.12."],
  ["is a real norm", real("learns norm"), "Falls from 0.22 to 0.097."],
  ["is a real cost that learns nothing", real("stuck held-out"), "Stays at 2.3."],
  ["is a real norm that turns", real("stuck norm"), "Rises until epoch 3, from 0.058 to 0.11, then falls to 0.066."],
];

for (const [what, points, sentence] of OF_EPOCHS) {
  test(`a line that ${what} is said to`, () => assert.equal(courseWords(points, EPOCHS), sentence));
}

test("the running mean of a real run is told by its steps, in round numbers", () => {
  const means = runningMean(real("learns costs"));
  assert.equal(courseWords(means, STEPS), "Falls fast for about 310 steps, then slowly to 0.12.");
  assert.equal(courseWords(runningMean(real("stuck costs")), STEPS), "Stays between 2.3 and 2.5.");
});

test("the noise of single batches hides no fall, and none is heard into it", () => {
  assert.match(courseWords(real("learns costs"), STEPS), /^Falls fast for 80 steps, then flat at 0\.18\.$/);
  assert.match(courseWords(real("stuck costs"), STEPS), /^Jumps up and down between 2\.2 and 2\.5/);
});

test("a logarithmic axis is read as it looks, and shows no 0", () => {
  const halved = made(...Array.from({ length: 12 }, (_, i) => 8 / 2 ** i));
  assert.equal(courseWords(halved, EPOCHS), "Falls fast for 4 epochs, then slowly to 0.0039.");
  assert.equal(courseWords(halved, { ...EPOCHS, isLog: true }), "Falls steadily from 8 to 0.0039.");
  assert.equal(courseWords(made(8, 4, 0, 1), { ...EPOCHS, isLog: true }), "Falls from 8 to 1.");
  assert.equal(courseWords(made(0, 0), { ...EPOCHS, isLog: true }), "No value that can be shown.");
});

test("what is flat depends on the height of the chart", () => {
  const value = (/** @type {number} */ y) => `${(100 * y).toFixed(1)}%`;
  const accuracies = real("learns accuracy");
  assert.equal(courseWords(accuracies, { ...EPOCHS, value }), "Stays at 96.7%.");
  assert.equal(courseWords(accuracies, { ...EPOCHS, value, height: 0.1 }), "Rises from 96.1% to 96.7%.");
});

test("one epoch is not epochs", () => {
  const points = made(0.01, 0.1, 2, 2, 2, 2, 2).map(({ y }, x) => ({ x: x / 2, y }));
  assert.equal(courseWords(points, EPOCHS), "Rises fast for 1 epoch, then flat at 2.");
});

test("compared lines are told by their ends", () => {
  const [a, b, c] = [
    ["A", made(2.3, 0.08)],
    ["B", made(2.3, 0.31)],
    ["C", made(2.3, 0.5, 0.2, null)],
  ].map(([name, points]) => /** @type {{name: string, points: ReturnType<typeof made>}} */ ({ name, points }));
  assert.equal(comparedWords([a, b]), "A ends lower (0.08) than B (0.31).");
  assert.equal(comparedWords([b, c, a]), "A ends lowest (0.08), B highest (0.31).");
  assert.equal(comparedWords([a, { ...a, name: "D" }]), "Both end at 0.08.");
  assert.equal(comparedWords([a, { name: "D", points: [] }]), "");
});
