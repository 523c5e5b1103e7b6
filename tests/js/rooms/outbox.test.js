import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Problem, Unreachable } from "../../../static/page/api.js";
import { Outbox } from "../../../static/rooms/pupil/outbox.js";

const ANSWER = { id: 1, digit: 7, confidence: 0.9 };
const drawing = (token) => ({ token, label: 7, strokes: [[[0.1, 0.2]]] });

let kept;
let sent;
let heard;
/** What each sending comes to, in turn; an answer when there is none left. */
let outcomes;

beforeEach(() => {
  kept = [];
  sent = [];
  heard = [];
  outcomes = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

function outbox() {
  const send = async ({ token }) => {
    sent.push(token);
    const outcome = outcomes.shift() ?? ANSWER;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const storage = {
    read: () => kept,
    write: (value) => {
      kept = value;
    },
  };
  return new Outbox(send, storage, {
    onAnswer: ({ token }) => heard.push(`answer ${token}`),
    onRefused: ({ token }, { detail }) => heard.push(`refused ${token}: ${detail}`),
    onStopped: ({ status }) => heard.push(`stopped ${status}`),
    onState: (state) => heard.push(state),
  });
}

async function after(milliseconds) {
  mock.timers.tick(milliseconds);
  await settle();
}

test("a drawing is sent, answered and kept no longer", async () => {
  outbox().add(drawing("a"));
  assert.deepEqual(kept, [drawing("a")]);
  await settle();
  assert.deepEqual([sent, heard, kept], [["a"], ["sending", "answer a"], []]);
});

test("while there is no answer, a drawing is sent again with its token, later and later", async () => {
  outcomes = [new Unreachable(), new Unreachable()];
  outbox().add(drawing("a"));
  await settle();
  assert.equal(heard.at(-1), "unreachable");
  await after(1_000);
  assert.equal(kept.length, 1);
  await after(1_999);
  assert.deepEqual(sent, ["a", "a"]);
  await after(1);
  assert.deepEqual([sent, kept], [["a", "a", "a"], []]);
});

test("drawings go one at a time, oldest first", async () => {
  outcomes = [new Unreachable()];
  const box = outbox();
  for (const token of ["a", "b", "c"]) box.add(drawing(token));
  await settle();
  assert.deepEqual(sent, ["a"]);
  await after(1_000);
  assert.deepEqual(sent, ["a", "a", "b", "c"]);
});

test("what a reload has interrupted is sent", async () => {
  kept = [drawing("a"), drawing("b")];
  outbox().retry();
  await settle();
  assert.deepEqual([sent, kept], [["a", "b"], []]);
});

test("where the server asks to wait, so long is waited, also when the browser is online again", async () => {
  outcomes = [new Problem(429, "Wait a moment.", 6)];
  const box = outbox();
  box.add(drawing("a"));
  await settle();
  assert.equal(heard.at(-1), "waiting");
  box.retryUnreachable();
  box.add(drawing("b"));
  await after(5_999);
  assert.deepEqual(sent, ["a"]);
  await after(1);
  assert.deepEqual(sent, ["a", "a", "b"]);
});

test("when the browser is online again, a drawing is sent at once", async () => {
  outcomes = [new Unreachable()];
  const box = outbox();
  box.add(drawing("a"));
  await settle();
  box.retryUnreachable();
  await settle();
  assert.deepEqual([sent, kept], [["a", "a"], []]);
});

test("a drawing that the server refuses is not sent again, and the next one is", async () => {
  outcomes = [new Problem(422, "There is no ink.")];
  const box = outbox();
  box.add(drawing("a"));
  box.add(drawing("b"));
  await settle();
  assert.deepEqual(heard, ["sending", "refused a: There is no ink.", "sending", "answer b"]);
});

test("a drawing of a pupil who is out stays until it is tried again", async () => {
  outcomes = [new Problem(401, "Join it again.")];
  const box = outbox();
  box.add(drawing("a"));
  await settle();
  assert.deepEqual([heard.at(-1), kept.length], ["stopped 401", 1]);
  box.retry();
  await settle();
  assert.deepEqual([heard.at(-1), kept], ["answer a", []]);
});
