import assert from "node:assert/strict";
import { test } from "node:test";

import {
  lastWords,
  learnsFrom,
  nextWords,
  resultWords,
  testWords,
  withoutField,
} from "../../../static/rooms/projector/projector-words.js";
import { pupilsWords } from "../../../static/rooms/room-words.js";
import { longAnswer, shortAnswer } from "../../../static/rooms/tile.js";

const room = (changes = {}) => ({ activity: "draw", waiting: 0, by_digit: Array(10).fill(0), ...changes });
const now = (changes = {}) => ({ pupils: 3, ready: 0, up: 0, runs: [], ...changes });

const counts = (changes) => ({ up: 0, down: 0, waits: 0, away: 0, right: 0, labelled: 0, ...changes });

test("an open test says how many of the pupils have finished it", () => {
  const quiz = { before: 3, after: 1, both: 1 };
  assert.equal(testWords({ ...quiz, open: "before" }, 4), "Test open: 3 of 4 finished.");
  assert.equal(testWords({ ...quiz, open: "after" }, 4), "Test open: 1 of 4 finished.");
  assert.equal(testWords({ ...quiz, open: "before" }, 2), "Test open: 3 of 3 finished.");
  assert.equal(testWords({ ...quiz, open: null }, 4), "");
  assert.equal(testWords(null, 4), "");
});

test("the result says how many are read right, beside the accuracy on MNIST", () => {
  assert.equal(
    resultWords(counts({ up: 28, right: 23, labelled: 28 }), 0.984),
    "23 of 28 read right (82%); on MNIST's test images it reads 98.4%.",
  );
  assert.equal(
    resultWords(counts({ up: 3, down: 2, right: 3, labelled: 3 }), null),
    "3 of 3 read right (100%). 2 more face down.",
  );
  assert.equal(resultWords(counts({ down: 1 }), 0.9), "1 drawing, face down.");
  assert.equal(resultWords(counts({ up: 2 }), 0.9), "2 drawings.");
  assert.equal(resultWords(counts({}), 0.9), "");
});

test("the result says what it leaves out", () => {
  assert.equal(
    resultWords(counts({ up: 11, waits: 1, right: 9, labelled: 11 }), 0.984),
    "9 of 11 read right (82%), 1 unsure waits; on MNIST's test images it reads 98.4%.",
  );
  assert.equal(
    resultWords(counts({ up: 11, waits: 2, away: 2, right: 9, labelled: 10 }), null),
    "9 of 10 read right (90%), 2 unsure wait, 1 without a label, 2 not shown.",
  );
  assert.equal(
    resultWords(counts({ down: 2, waits: 1, away: 1 }), null),
    "2 drawings, face down, 1 unsure waits, 1 not shown.",
  );
});

test("pupils are counted without those who are gone, and simulated ones are named", () => {
  assert.equal(pupilsWords([]), "Nobody is in yet.");
  assert.equal(pupilsWords([{ pupil: 1 }, { pupil: 2, gone: true }]), "1 pupil is in.");
  assert.equal(pupilsWords([{ pupil: 1 }, { pupil: 2, simulated: true }]), "2 pupils are in, 1 of them simulated.");
  assert.equal(pupilsWords([{ pupil: 2, simulated: true }]), "1 pupil is in, simulated.");
});

test("each activity has one next step", () => {
  assert.match(nextWords(room(), now({ pupils: 0 })), /pupils join/);
  assert.match(nextWords(room(), now()), /choose a digit/);
  assert.match(nextWords(room({ waiting: 2 }), now({ ready: 3 })), /reveal\. 2 drawings wait for your word/);
  assert.match(nextWords(room(), now({ up: 5 })), /another digit/);
  assert.match(nextWords(room({ activity: "collect" }), now()), /each digit once or twice/);
  const counts = [3, 3, 3, 3, 3, 1, 3, 3, 3, 3];
  assert.match(nextWords(room({ activity: "collect", by_digit: counts }), now()), /more of the digit 5/);
  assert.match(nextWords(room({ activity: "watch" }), now()), /start\./);
  assert.match(nextWords(room({ activity: "watch" }), now({ runs: ["running"] })), /watch the curve/);
});

test("while three networks learn, the next step says how far they are", () => {
  const words = (...runs) => nextWords(room({ activity: "watch" }), now({ runs }));
  assert.equal(words("queued", "queued", "queued"), "Next: guess. The next one waits to start.");
  assert.equal(words("running", "queued", "queued"), "Next: guess. The first has begun.");
  assert.equal(words("finished", "finished", "running"), "Next: watch. 2 of 3 are trained. The third has begun.");
  assert.equal(words("finished", "queued", "queued"), "Next: watch. 1 of 3 is trained. The next one waits to start.");
  assert.equal(words("finished", "finished", "finished"), "Next: compare them with your guesses.");
  assert.match(words("finished", "stopped", "finished"), /1 of 3 did not learn to the end/);
});

test("what waits for the teacher's word can't be turned up yet", () => {
  assert.match(nextWords(room({ waiting: 1 }), now({ up: 3 })), /another digit\. 1 drawing waits for your word/);
});

test("a run is named by what it learns from", () => {
  assert.equal(learnsFrom({ dataset: "room-K7PM2X" }), "The class's own drawings");
  assert.equal(learnsFrom({ dataset: "room" }), "The class's own drawings");
  assert.equal(learnsFrom({ dataset: "mnist", also: "room-K7PM2X" }), "MNIST with the class's");
  assert.equal(learnsFrom({ dataset: "mnist" }), "MNIST alone");
});

test("a run's last figure is said in words, and before it what the run does", () => {
  const settings = { dataset: "mnist" };
  assert.equal(lastWords({ id: 1, status: "running", place: null, settings }, [{ x: 1, y: 0.756 }], null), "reads 76%");
  assert.equal(lastWords({ id: 1, status: "finished", place: null, settings }, [{ x: 1, y: 1 }], null), "reads 100%");
  assert.equal(lastWords({ id: 1, status: "queued", place: 1, settings }, [], null), "starts next");
  assert.equal(lastWords({ id: 1, status: "failed", place: null, settings }, [], null), "failed");
});

test("a run that was stopped or failed early is no result, and says how far it came", () => {
  const run = { id: 1, place: null, settings: { dataset: "mnist", epochs: 10 } };
  const points = [
    { x: 4, y: 0.7 },
    { x: 5, y: 0.77 },
  ];
  assert.equal(lastWords({ ...run, status: "stopped" }, points, null), "stopped at epoch 5 of 10, reads 77%");
  assert.equal(lastWords({ ...run, status: "failed" }, points, null), "failed at epoch 5 of 10, reads 77%");
  assert.equal(lastWords({ ...run, status: "stopped" }, [], null), "stopped");
  assert.equal(
    lastWords({ ...run, status: "finished" }, points, 22),
    "reads 77% of 22 drawings by pupils it never learned from",
  );
});

test("a refusal is said without the field of the API", () => {
  assert.equal(withoutField("dataset: Only one pupil has drawn."), "Only one pupil has drawn.");
  assert.equal(withoutField("This room is full: nobody can join."), "This room is full: nobody can join.");
});

test("an answer has a sign and words beside its colour", () => {
  const drawing = { id: 1, round: 1, place: "up", label: 4, digit: 9, confidence: 0.65 };
  assert.equal(shortAnswer(drawing), "9 ✗");
  assert.equal(shortAnswer({ ...drawing, digit: 4 }), "4 ✓");
  assert.equal(shortAnswer({ ...drawing, label: null }), "9");
  assert.equal(longAnswer(drawing, "Amber Fox"), "Drawn by Amber Fox as 4, read as 9: wrong, 65% sure");
  assert.equal(longAnswer({ ...drawing, label: null }, ""), "Drawn, read as 9, 65% sure");
});
