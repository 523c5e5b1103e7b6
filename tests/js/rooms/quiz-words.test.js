import assert from "node:assert/strict";
import { test } from "node:test";
import { countsWords, gainWords } from "../../../static/rooms/control/quiz-words.js";

const questions = Array.from({ length: 10 }, () => ({ topic: "Slope", before: 3, after: 9 }));

test("the counts say which test is open and how many have finished", () => {
  assert.equal(countsWords({ open: null, before: 0, after: 0, both: 0 }), "It is closed. Nobody has taken it yet.");
  assert.equal(
    countsWords({ open: "after", before: 12, after: 3, both: 2 }),
    "The test after the lessons is open. Finished before: 12. Finished after: 3. Both: 2.",
  );
});

test("few pupils are too few to tell, and it says how many are needed", () => {
  const words = gainWords({ pupils: 12, questions, mean: null, margin: null, enough: 20 });
  assert.match(words, /^12 pupils: too few to tell/);
  assert.match(words, /With 20 or more/);
});

test("the gain has its interval, and one that may be chance is called so", () => {
  const gain = gainWords({ pupils: 24, questions, mean: 2.06, margin: 0.71, enough: 20 });
  assert.match(gain, /\+2\.1 right answers of 10/);
  assert.match(gain, /95% interval: \+1\.4 to \+2\.8\)\.$/);
  const doubtful = gainWords({ pupils: 24, questions, mean: -0.2, margin: 0.71, enough: 20 });
  assert.match(doubtful, /−0\.2 right.*−0\.9 to \+0\.5\)\. That may be chance\.$/);
});
