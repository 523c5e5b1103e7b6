import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../../static/learn/descent/descent-pace.js";

/** The steps of a descent whose answers take this many milliseconds, over some seconds. */
function stepsTaken(pace, seconds, latency = 0) {
  let [now, steps] = [0, 0];
  while (now < seconds * 1000) {
    steps += pace.due(now);
    now += latency;
    now += pace.pause(now);
  }
  return steps;
}

test("each speed takes its number of steps a second", () => {
  assert.equal(stepsTaken(new Pace("slow", false), 10), 40);
  assert.equal(stepsTaken(new Pace("normal", false), 10), 80);
  assert.equal(stepsTaken(new Pace("fast", false), 10), 400);
});

test("with reduced motion the same steps come in one jump a second", () => {
  const pace = new Pace("normal", true);
  assert.deepEqual([pace.due(0), pace.pause(0), pace.due(1000)], [8, 1000, 8]);
});

test("answers slower than the interval don't lower the speed, up to three intervals", () => {
  // 100 answers: the first brings the 5 steps of an interval, each later one the 12 of 300 ms.
  assert.equal(stepsTaken(new Pace("fast", false), 30, 300), 5 + 99 * 12);
  const pace = new Pace("normal", false);
  pace.due(0);
  assert.equal(pace.due(60_000), 3);
});

test("at least one step is taken however early it is", () => {
  const pace = new Pace("slow", false);
  pace.due(0);
  assert.equal(pace.due(1), 1);
});
