import assert from "node:assert/strict";
import { test } from "node:test";

import {
  brushPlace,
  fullColour,
  mindWords,
  pixelWords,
  plain,
  restTitle,
  scoreWords,
  sentence,
  shares,
  signed,
  summary,
  title,
} from "../../../static/draw/evidence/evidence-words.js";

const EVIDENCE = new Array(784).fill(0);
EVIDENCE[29] = 2;
EVIDENCE[30] = -0.5;

test("numbers have two decimals, so that sums can be checked by eye", () => {
  assert.deepEqual(
    [plain(8.308), plain(-0.4), signed(8.308), signed(-0.4), signed(0)],
    [...["8.31", "−0.40", "+8.31", "−0.40", "0.00"]],
  );
});

test("ink counts for a digit and against it", () => {
  assert.deepEqual(shares(EVIDENCE), { for: 2, against: -0.5 });
});

test("a single large pixel does not make all others pale", () => {
  const evidence = [...new Array(99).fill(1), 50];
  assert.equal(fullColour([evidence]), 1);
  assert.equal(fullColour([[0, 0]]), 0);
});

test("the question and its answer name the digits and their probabilities", () => {
  const asked = { digit: 1, answer: 7, scores: { digit: 2, answer: 5.5 }, probabilities: [0, 0.2, 0, 0, 0, 0, 0, 0.8] };
  assert.deepEqual([title(1, 7), title(7, 7)], ["Why not 1?", "Why 7?"]);
  assert.equal(sentence(asked), "7 scores 3.50 more than 1. So it says 7 (80%), not 1 (20%).");
  assert.equal(sentence({ ...asked, digit: 7 }), "No other digit scores as high as 7: 5.50. So it says 7 (80%).");
});

test("a score is the weighted input minus the mean of all ten", () => {
  assert.equal(scoreWords(3, { weighted_input: 6, score: 4.5 }), "For 3: 6.00 − 1.50 = 4.50.");
});

test("where activations are not straight, their curve is named beside the biases", () => {
  assert.deepEqual([true, false].map(restTitle), ["Biases", "Biases, and the activation’s curve"]);
});

test("a pixel counts for a digit, against it, or not at all", () => {
  assert.equal(pixelWords(29, 1, 2, 7), "Pixel (row 2, column 2): ink 1, counts 2 for 7.");
  assert.equal(pixelWords(30, 0.5, -0.5, 7), "Pixel (row 2, column 3): ink 0.5, counts 0.5 against 7.");
  assert.equal(pixelWords(0, 0, 0, 7), "Pixel (row 1, column 1): no ink, so it does not count.");
});

test("the summary names the pixels that count most", () => {
  const words = summary(EVIDENCE, 7);
  assert.match(
    words,
    /counts most for 7 at pixel \(row 2, column 2\), by 2, and most against it at pixel \(row 2, column 3\)/,
  );
  assert.match(summary(new Array(784).fill(0), 7), /No ink counts for it or against it/);
});

test("what would change its mind is a dab, or nothing small", () => {
  const brush = { kind: "ink", radius: 0.05, x: 0.5, y: 0.25, digit: 9, confidence: 0.6 };
  assert.match(
    mindWords({ digit: 4, brush, most_radius: 0.1 }),
    /spot of ink here, 14 of 140 pixels wide, changes the answer to 9 \(60%\)/,
  );
  assert.match(
    mindWords({ digit: 4, brush: null, most_radius: 0.1 }),
    /^No spot .* up to 28 of 140 pixels wide changes the answer from 4\.$/,
  );
  assert.match(brushPlace(brush), /makes it a 9: 50% across, 25% down$/);
  assert.equal(brushPlace(null), "Your drawing");
});
