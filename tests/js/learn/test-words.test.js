import assert from "node:assert/strict";
import { test } from "node:test";
import { finished, newRecord, withAnswer } from "../../../static/learn/test/test-state.js";
import { gainWords, keptWords, markWords, roomWords, startWords } from "../../../static/learn/test/test-words.js";

const fresh = newRecord("a");
const begun = withAnswer(fresh, "before", 0, null);

test("the first screen says how far one is, and what comes next", () => {
  assert.equal(startWords(fresh, "before", 10).start, "Start");
  assert.deepEqual(
    [startWords(begun, "before", 10).state, startWords(begun, "before", 10).start],
    ["You have answered 1 of 10 questions.", "Go on"],
  );
  const between = startWords(finished(begun, "before"), "after", 10);
  assert.match(between.lead, /Now the lessons, then come back/);
  assert.match(between.state, /after the second test/);
});

test("in a room, the test can be taken while its round is open and not sent", () => {
  assert.equal(roomWords(null, fresh, 10).start, "");
  assert.match(roomWords(null, fresh, 10).lead, /Join the room first/);
  assert.equal(roomWords({ round: null, sent: [] }, fresh, 10).start, "");
  assert.equal(roomWords({ round: "before", sent: [] }, fresh, 10).start, "Start");
  assert.equal(roomWords({ round: "before", sent: [] }, begun, 10).start, "Go on");
  assert.match(roomWords({ round: "before", sent: ["before"] }, fresh, 10).lead, /Your answers are in/);
  assert.equal(roomWords({ round: "after", sent: ["before"] }, begun, 10).start, "Start");
});

test("it says truly where the answers are kept", () => {
  assert.match(keptWords(false, true), /on this device alone.*Nothing is sent/);
  assert.match(keptWords(false, false), /keeps nothing.*Nothing is sent/);
  assert.doesNotMatch(keptWords(true, true), /Nothing is sent/);
});

test("the gain is counts, and each idea has a tick and a word", () => {
  assert.equal(gainWords([true, false], [true, true]), "Before: 1 of 2 right. After: 2 of 2 right.");
  assert.equal(gainWords(null, [true, true]), "After: 2 of 2 right.");
  assert.deepEqual([true, false, undefined].map(markWords), ["✓ right", "✗ not right", "not taken"]);
});

test("who has answered all is asked to finish", () => {
  const record = { before: { form: "a", answers: Array(10).fill(0) }, after: { form: "b", answers: [] } };
  assert.equal(startWords(record, "before", 10).start, "Finish the test");
});

test("a second test that is no better than the first is met kindly", () => {
  assert.match(gainWords([true, false], [false, true]), /that happens/);
  assert.doesNotMatch(gainWords([true, false], [true, true]), /that happens/);
});
