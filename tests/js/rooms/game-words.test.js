import assert from "node:assert/strict";
import { test } from "node:test";

import {
  deltaWords,
  figure,
  nextWords,
  passWords,
  phaseWords,
  revealedWords,
  titleWords,
  verdictWords,
  waitingWords,
} from "../../../static/rooms/game/game-words.js";

const GAME = { step: 3, phase: "forward-2", pace: "walk", labels: null, cost: null, digits: [1], has_diverged: false };

test("a number has four decimals, and a small one four digits", () => {
  assert.deepEqual([0.83124, -0.5, 0, 0.00012346].map(figure), ["0.8312", "−0.5000", "0.0000", "0.0001235"]);
});

test("a phone says which neurons it is", () => {
  assert.equal(titleWords(["2-5"]), "You are neuron 2-5 (second layer)");
  assert.equal(titleWords(["3-7"]), "You are neuron 3-7 (output 7)");
  assert.equal(titleWords(["1-0", "3-7"]), "You are 2 neurons");
  assert.equal(titleWords([]), "You hold no neuron now");
});

test("the phase is told, step by step at a walk", () => {
  assert.equal(phaseWords(GAME), "Step 4, forward: the second layer computes.");
  assert.equal(phaseWords({ ...GAME, phase: "backward-3" }), "Step 4, backward: the outputs compute.");
  assert.equal(phaseWords({ ...GAME, phase: "ready" }), "Step 3 is done.");
  assert.equal(phaseWords({ ...GAME, phase: "ready", step: 0 }), "The game begins.");
  assert.equal(phaseWords({ ...GAME, pace: "run" }), "Step 4, running.");
  assert.match(phaseWords({ ...GAME, has_diverged: true }), /smaller learning rate/);
});

test("the label is told when it is revealed, and its cost backwards", () => {
  const game = { ...GAME, labels: [8], cost: 2.31, phase: "backward-3" };
  assert.equal(revealedWords(GAME), "");
  assert.equal(revealedWords(game), "It was meant as an 8. The cost is 2.3100.");
  assert.equal(revealedWords({ ...game, phase: "forward-3" }), "It was meant as an 8.");
  assert.match(revealedWords({ ...game, digits: [1, 2] }), /2\.3100, the mean of 2 digits\.$/);
});

test("a verdict is told kindly", () => {
  const words = (verdict, instead = null) => verdictWords({ verdict, instead });
  assert.equal(words("right"), "Passed on.");
  assert.equal(words("wrong", 0.83124), "The room worked it out again: 0.8312 instead.");
  assert.equal(words("wrong"), "The room worked it out again.");
  assert.equal(words("late"), "The room went on without waiting: your next number counts again.");
  assert.equal(words("over"), "");
});

test("the button has the number, or says how many there are", () => {
  assert.equal(passWords([{ numbers: [0.83124, 7] }]), "Pass on 0.8312");
  assert.equal(passWords([{ numbers: [1] }, { numbers: [2] }]), "Pass on 2 numbers");
});

test("all are told whom they wait for, by name where there are names", () => {
  const nameOf = (pupil) => ({ 1: "Blue Heron", 2: null })[pupil];
  assert.equal(waitingWords([], 9, nameOf), "");
  assert.equal(waitingWords([1], 9, nameOf), "Waiting for Blue Heron.");
  assert.equal(waitingWords([1, 2, 3], 9, nameOf), "Waiting for Blue Heron and 2 others.");
  assert.equal(waitingWords([2, 1], 9, nameOf), "Waiting for somebody and 1 other.");
  assert.equal(waitingWords([1, 9], 9, nameOf), "Waiting for you and 1 other.");
  assert.equal(waitingWords([9], 9, nameOf), "Waiting for you.");
});

test("who has passed on is told what comes next", () => {
  const phone = { held: 1, active: 1, waiting: "" };
  assert.equal(nextWords(GAME, { ...phone, waiting: "Waiting for Blue Heron." }), "Waiting for Blue Heron.");
  assert.equal(nextWords(GAME, phone), "Waiting for the others.");
  assert.equal(
    nextWords(GAME, { ...phone, active: 0 }),
    "Nothing to do for you in this layer. Waiting for the others.",
  );
  assert.equal(nextWords({ ...GAME, is_complete: true }, phone), "Your teacher goes on.");
  assert.equal(nextWords({ ...GAME, phase: "ready" }, phone), "Your teacher begins the next step.");
  assert.equal(nextWords({ ...GAME, pace: "run" }, phone), "Your numbers are passed on by themselves.");
  assert.match(nextWords(GAME, { ...phone, held: 0 }), /take a neuron by hand/);
});

test("a delta says which way the cost falls", () => {
  assert.match(deltaWords(0.2), /falls if this neuron's number goes down\.$/);
  assert.match(deltaWords(-0.2), /goes up\.$/);
  assert.match(deltaWords(0), /hardly depends/);
});
