import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Problem, Unreachable } from "../../../static/page/api.js";
import { Asker } from "../../../static/page/asker.js";

/** Lets promises that are settled already run their callbacks. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

let flights;
let outcomes;
let asker;

/** An asker whose questions stay on their way until the test answers them. */
beforeEach(() => {
  flights = [];
  outcomes = [];
  const fetch = (question, signal) =>
    new Promise((resolve, reject) => flights.push({ question, signal, resolve, reject }));
  asker = new Asker(fetch, (outcome) => outcomes.push(outcome));
});

const asked = () => flights.map(({ question }) => question);

test("a settled question is sent at once, and its answer is passed on", async () => {
  asker.ask("a", true);
  flights[0].resolve("A");
  await settle();
  assert.deepEqual(outcomes, [{ kind: "answered", answer: "A" }]);
});

test("a settled question overtakes the one on its way, whose answer is dropped", async () => {
  asker.ask("a", true);
  asker.ask("b", true);
  assert.ok(flights[0].signal.aborted);
  flights[0].resolve("A");
  flights[1].resolve("B");
  await settle();
  assert.deepEqual(outcomes, [{ kind: "answered", answer: "B" }]);
});

test("unsettled questions wait for the one on its way, and only the newest is sent after it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  asker.ask("a", false);
  t.mock.timers.tick(25);
  asker.ask("b", false);
  asker.ask("c", false);
  assert.deepEqual(asked(), ["a"]);
  flights[0].resolve("A");
  await settle();
  t.mock.timers.tick(25);
  assert.deepEqual(asked(), ["a", "c"]);
  assert.equal(outcomes.length, 1);
});

test("a refusal is passed on with the server's sentence, and is not asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  asker.ask("a", true);
  flights[0].reject(new Problem(422, "There is no ink."));
  await settle();
  t.mock.timers.tick(60_000);
  assert.deepEqual(outcomes, [{ kind: "refused", detail: "There is no ink." }]);
  assert.deepEqual(asked(), ["a"]);
});

test("without an answer it asks again, after ever longer pauses up to 8 seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  asker.ask("a", true);
  for (const pause of [500, 1000, 2000, 4000, 8000, 8000]) {
    flights.at(-1).reject(new Unreachable());
    await settle();
    const before = flights.length;
    t.mock.timers.tick(pause - 1);
    assert.equal(flights.length, before);
    t.mock.timers.tick(1);
    assert.equal(flights.length, before + 1);
  }
  assert.ok(outcomes.every(({ kind }) => kind === "unreachable"));
});

test("a busy server and one with an error are asked again too", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const status of [500, 503]) {
    asker.ask("a", true);
    flights.at(-1).reject(new Problem(status, "Busy."));
    await settle();
    assert.equal(outcomes.at(-1).kind, "unreachable");
    asker.forget();
  }
});

test("an error of the browser is told as one, and is not asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const log = t.mock.method(console, "error", () => {});
  const error = new TypeError("OffscreenCanvas is not a constructor");
  asker.ask("a", true);
  flights[0].reject(error);
  await settle();
  t.mock.timers.tick(60_000);
  assert.equal(outcomes[0].kind, "refused");
  assert.match(outcomes[0].detail, /this browser/);
  assert.deepEqual(asked(), ["a"]);
  assert.deepEqual(log.mock.calls[0].arguments, [error]);
});

test("retry asks at once after a failure, and does nothing where nothing failed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  asker.ask("a", true);
  asker.retry();
  assert.equal(flights.length, 1);
  flights[0].reject(new Unreachable());
  await settle();
  asker.retry();
  assert.deepEqual(asked(), ["a", "a"]);
});

test("after forget nothing is passed on or asked again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  asker.ask("a", true);
  asker.forget();
  flights[0].resolve("A");
  await settle();
  asker.retry();
  t.mock.timers.tick(60_000);
  assert.deepEqual([outcomes, asked()], [[], ["a"]]);
});
