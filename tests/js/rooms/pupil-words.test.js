import assert from "node:assert/strict";
import { test } from "node:test";

import {
  collectWords,
  described,
  howSure,
  learned,
  ownRight,
  raceWords,
  sendingWords,
  verdict,
} from "../../../static/rooms/pupil/pupil-words.js";

test("an answer is as sure as on the draw page", () => {
  assert.equal(howSure({ digit: 7, confidence: 0.995 }, 0.8), "More than 99% sure");
  assert.equal(howSure({ digit: 7, confidence: 0.79 }, 0.8), "Not sure: 7 (79%)?");
});

test("an answer is compared with what was meant, and says if it waits", () => {
  const answer = { digit: 9, confidence: 0.9, status: "kept" };
  assert.equal(verdict({ ...answer, label: null }), "The network reads a 9.");
  assert.equal(verdict({ ...answer, label: 9 }), "The network reads a 9, as you meant it.");
  assert.equal(verdict({ ...answer, label: 8 }), "The network reads a 9, but you meant an 8. It can be wrong.");
  assert.match(verdict({ ...answer, label: 9, status: "waiting" }), /Your drawing waits for your teacher\.$/);
});

test("who has drawn each digit three times is done, and may go on", () => {
  assert.equal(collectWords(8, Array(10).fill(2)), "Now draw an 8.");
  assert.equal(collectWords(8, [...Array(9).fill(3), 2]), "Now draw an 8.");
  assert.equal(collectWords(8, Array(10).fill(3)), "Done, thank you. You may go on: draw an 8.");
});

test("each drawing of the strip is described", () => {
  const drawing = { label: 4, strokes: [] };
  assert.equal(described(drawing), "Your 4: not sent yet");
  assert.equal(described({ ...drawing, digit: 9, confidence: 0.9, status: "kept" }), "Your 4: read as a 9, 90% sure");
  assert.equal(described({ ...drawing, digit: 9, status: "removed" }), "Your 4: removed by your teacher");
});

test("what is on its way says what it waits for", () => {
  assert.equal(sendingWords(1, "sending"), "Sending …");
  assert.match(sendingWords(3, "unreachable"), /Your 3 drawings are safe/);
  const refused = { detail: "More than 20 drawings in 10 seconds.", retryAfter: 6 };
  assert.equal(
    sendingWords(1, "waiting", refused),
    "More than 20 drawings in 10 seconds. The page sends it again in 6 seconds.",
  );
});

test("a run's progress is told from its first step to its epochs", () => {
  assert.equal(learned(null, 0), "No step yet.");
  assert.equal(learned(null, 40), "Step 40, in the first epoch.");
  const done = "Step 5,000. 2 epochs done. It reads 95.63% of the images held out right.";
  assert.equal(learned({ epoch: 2, accuracy: 0.9563 }, 5_000), done);
});

test("while three networks learn, a pupil reads which of them does", () => {
  assert.equal(raceWords(0), "The first of three networks is learning.");
  assert.equal(raceWords(2), "The third of three networks is learning.");
});

test("how many of one's own drawings are right is told where there are any", () => {
  assert.equal(ownRight({ right: 12, labelled: 15 }), "It reads 12 of your 15 drawings right.");
  assert.equal(ownRight({ right: 0, labelled: 0 }), "");
});
