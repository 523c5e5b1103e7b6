import assert from "node:assert/strict";
import { test } from "node:test";

import {
  accuracyWords,
  activationText,
  costOf,
  costPoints,
  deltaText,
  isKnown,
  markWords,
  nextStep,
  rateOf,
  rateWords,
  titleOf,
  waitingWords,
  whoPlays,
} from "../../../static/rooms/game/projector-steps.js";
import { QUESTIONS, rightOption, votedWords } from "../../../static/rooms/game/projector-vote-words.js";

const NAMES = { 1: "Amber Fox", 2: "Blue Owl", 3: "Red Hare", 4: "Jade Mole" };
/** @param {number} pupil */
const nameOf = (pupil) => NAMES[pupil];
/** @returns {any} */
const game = (changes = {}) => ({
  ...{ step: 0, phase: "ready", is_complete: false, pace: "walk", batch: 1, labels: null, waiting: [] },
  ...changes,
});

test("the button says what comes next, through a whole step", () => {
  const phases = ["ready", "forward-1", "forward-2", "forward-3", "backward-3", "backward-2", "backward-1"];
  assert.deepEqual(
    phases.map((phase) => nextStep(game({ phase }))),
    [
      "Let the digit in",
      "On to the second layer",
      "The answer",
      "Show the label and the cost",
      "On to the second layer",
      "On to the first layer",
      "Take the step",
    ],
  );
  assert.equal(nextStep(game({ phase: "forward-3", labels: [7] })), "Back through the network");
  assert.equal(nextStep(game({ batch: 4 })), "Let 4 digits in");
});

test("the heading says what goes on, and first of all whom it waits for", () => {
  assert.equal(titleOf(game(), nameOf), "The class is the network.");
  assert.equal(titleOf(game({ step: 3 }), nameOf), "Step 3 is taken.");
  assert.equal(titleOf(game({ phase: "forward-3" }), nameOf), "Forward: the ten outputs add up.");
  assert.equal(titleOf(game({ phase: "forward-3", is_complete: true }), nameOf), "The class has answered.");
  assert.equal(titleOf(game({ phase: "backward-2" }), nameOf), "Back: the second layer takes its share.");
  assert.equal(titleOf(game({ phase: "forward-1", waiting: [2] }), nameOf), "Waiting for Blue Owl.");
  assert.match(titleOf(game({ pace: "run", has_diverged: true }), nameOf), /beyond all bounds/);
});

test("those who are waited for are named, at most three of them", () => {
  assert.equal(waitingWords([1, 2], nameOf), "Waiting for Amber Fox and Blue Owl.");
  assert.equal(waitingWords([1, 2, 3, 4], nameOf), "Waiting for Amber Fox, Blue Owl, Red Hare and 1 more.");
});

test("who plays what is said, and that the server plays the others", () => {
  const neurons = Array.from({ length: 42 }, (_, i) => `n-${i}`);
  /** @param {(i: number) => number[]} who */
  const deal = (who, asleep = []) => ({ held: Object.fromEntries(neurons.map((name, i) => [name, who(i)])), asleep });
  assert.equal(
    whoPlays(
      deal(() => []),
      nameOf,
    ),
    "The server plays all 42 neurons.",
  );
  const one = deal((i) => (i < 4 ? [1] : []));
  assert.equal(whoPlays(one, nameOf), "Amber Fox plays 4 neurons, the server 38.");
  assert.equal(whoPlays({ ...one, asleep: [1] }, nameOf), "The server plays all 42 neurons. Asleep: Amber Fox.");
  assert.equal(
    whoPlays(
      deal((i) => [1 + (i % 4)]),
      nameOf,
    ),
    "4 pupils play 42 neurons.",
  );
});

test("a mark is a sign and a word", () => {
  assert.deepEqual(
    [markWords("wrong"), markWords("late"), markWords("server"), markWords(undefined)],
    ["✗ wrong", "… late", "", ""],
  );
});

test("numbers of the step before are not shown as those of this one", () => {
  assert.equal(isKnown(game({ phase: "forward-2" }), "forward-1"), true);
  assert.equal(isKnown(game({ phase: "forward-2" }), "forward-2"), false);
  assert.equal(isKnown(game({ phase: "forward-3" }), "forward-3"), false);
  assert.equal(isKnown(game({ phase: "forward-3", is_complete: true }), "forward-3"), true);
  assert.equal(isKnown(game({ phase: "backward-2" }), "backward-1"), false);
  assert.equal(isKnown(game(), "forward-1"), true);
});

test("numbers are short, and a delta has its sign", () => {
  assert.deepEqual([0.426, -0.001, -1.5, 120.4, -65_000].map(activationText), ["0.43", "0.00", "−1.50", "120", "−7e4"]);
  assert.deepEqual([0.26, -0.0478, 0].map(deltaText), ["+0.26", "−0.048", "0.000"]);
});

test("the dial is logarithmic, and says how large the rate is", () => {
  assert.deepEqual([-3, -1, 0.3, 1].map(rateOf), [0.001, 0.1, 2, 10]);
  assert.deepEqual([0.01, 0.1, 10].map(rateWords), ["0.01, small", "0.1, usual", "10, too large"]);
});

test("the cost is that of the label's share, as a mean", () => {
  const halves = [1, 1, ...Array(8).fill(-1000)];
  assert.ok(Math.abs(costOf([halves, halves], [0, 1]) - Math.log(2)) < 1e-12);
  assert.ok(costOf([halves], [5]) > 700);
});

test("each cost stands at its step, also where only the last ones are told", () => {
  const course = { costs: [2, 1], steps: 1, accuracies: [] };
  assert.deepEqual(costPoints(course, "backward-3"), [
    { x: 1, y: 2 },
    { x: 2, y: 1 },
  ]);
  assert.equal(costPoints({ ...course, steps: 400 }, "ready")[0].x, 399);
});

test("the accuracy is said beside that at the start", () => {
  assert.equal(accuracyWords([]), "");
  assert.equal(accuracyWords([[0, 0.1]]), "It reads 10% of the drawings by pupils it never learned from.");
  assert.match(
    accuracyWords([
      [0, 0.1],
      [5, 1],
    ]),
    /reads 100% .* At the start: 10%\./,
  );
});

test("a vote's right option is known once the network has answered, or the cost has changed", () => {
  /** @param {string} name @returns {any} */
  const vote = (name) => ({ is_over: false, ...QUESTIONS[name] });
  const open = { answer: null, change: null };
  assert.equal(rightOption(vote("answer"), { ...open, answer: 7 }), 7);
  assert.equal(rightOption(vote("answer"), open), null);
  assert.equal(rightOption(vote("cost"), { answer: 7, change: -0.5 }), 1);
  assert.equal(rightOption(vote("cost"), { answer: 7, change: 0.5 }), 0);
  assert.equal(rightOption(vote("rate"), { answer: 1, change: 1 }), null);
});

test("while a vote is open it says how many voted, and then how many were right", () => {
  const vote = { is_over: false, options: ["rise", "fall"], is_open: true, answer: null, voted: 2, counts: null };
  assert.equal(votedWords(vote, 5), "2 of 5 have voted. Vote on your phone.");
  const closed = { ...vote, is_open: false, counts: [1, 1] };
  assert.equal(votedWords(closed, 5), "2 votes.");
  assert.equal(votedWords({ ...closed, answer: 1 }, 5), "It was “fall”: 1 of 2 chose it.");
});
