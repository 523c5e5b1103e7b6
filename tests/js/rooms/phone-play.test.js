import assert from "node:assert/strict";
import { test } from "node:test";

import { Unreachable } from "../../../static/page/api.js";
import { PhonePlay } from "../../../static/rooms/game/phone-play.js";

const ME = 3;
const GAME = { step: 4, phase: "forward-2", pace: "walk", step_eta: 0.5, digits: [7], labels: null, is_over: false };
const STARTED = {
  game: { ...GAME, done: [], marks: {} },
  deal: { held: { "1-0": [1], "2-0": [ME] }, asleep: [] },
  "forward-1": { step: 4, numbers: [[1, 2]] },
};

function phoneOf({ verdict = "right", refuses = [] } = {}) {
  const sent = [];
  let woken = 0;
  let isAway = false;
  let onNews = () => {};
  const calls = {
    neurons: async (names) => ({
      step: 4,
      neurons: Object.fromEntries(names.map((name) => [name, { weights: [1, -1], bias: 0.5 }])),
    }),
    inputs: async () => ({ inputs: {} }),
    passOn: async (numbers) => {
      if (refuses.length > 0) throw refuses.shift();
      sent.push(numbers);
      return { verdicts: Object.fromEntries(Object.keys(numbers.neurons).map((name) => [name, verdict])) };
    },
    awake: async () => woken++,
  };
  const play = new PhonePlay(calls, {
    pupil: () => ME,
    isAway: () => isAway,
    onNews: () => onNews(),
    onRefused: (problem) => assert.fail(String(problem)),
  });
  return {
    play,
    sent,
    wokenTimes: () => woken,
    setAway: (away) => {
      isAway = away;
    },
    /** Does it, and waits until the phone has nothing more to do. @param {() => void} act */
    settled: (act) =>
      new Promise((resolve) => {
        onNews = () => setImmediate(resolve);
        act();
      }),
  };
}

test("at a walk a number waits until it is told to go, and then its verdict is known", async () => {
  const { play, sent, settled } = phoneOf();
  await settled(() => play.take(STARTED));
  assert.deepEqual([play.unsent.length, sent.length], [1, 0]);

  await settled(() => play.passOn());
  assert.deepEqual(sent[0].neurons, { "2-0": { numbers: [-0.05] } });
  assert.deepEqual([play.unsent.length, play.verdictOf("2-0")], [0, "right"]);
});

test("at a run a number goes by itself, once", async () => {
  const { play, sent, settled } = phoneOf();
  await settled(() => play.take({ ...STARTED, game: { ...STARTED.game, pace: "run" } }));
  await settled(() => play.take({ course: { costs: [], steps: 4, accuracies: [] } }));
  assert.equal(sent.length, 1);
});

test("what the room took in place of a wrong number is known when the phase is over", async () => {
  const { play, settled } = phoneOf({ verdict: "wrong" });
  await settled(() => play.take(STARTED));
  await settled(() => play.passOn());
  assert.equal(play.records["2-0"].forward.instead, null);
  await settled(() =>
    play.take({ game: { ...STARTED.game, phase: "forward-3" }, "forward-2": { step: 4, numbers: [[-0.06]] } }),
  );
  assert.equal(play.records["2-0"].forward.instead, -0.06);
});

test("a number that the room has already is not passed on again after a reload", async () => {
  const { play, settled } = phoneOf();
  await settled(() => play.take({ ...STARTED, game: { ...STARTED.game, done: ["2-0"] } }));
  assert.deepEqual([play.moves.length, play.unsent.length, play.verdictOf("2-0")], [1, 0, "right"]);
});

test("a phone that is called asleep says once that it is awake", async () => {
  const { play, wokenTimes, settled } = phoneOf();
  await settled(() => play.take({ ...STARTED, deal: { ...STARTED.deal, asleep: [ME] } }));
  await settled(() => play.play());
  assert.equal(wokenTimes(), 1);
});

test("a hidden page does nothing until it is seen", async () => {
  const { play, setAway, settled } = phoneOf();
  setAway(true);
  await settled(() => play.take(STARTED));
  assert.equal(play.moves.length, 0);
  setAway(false);
  await settled(() => play.play());
  assert.equal(play.moves.length, 1);
});

test("a number that could not be sent is sent again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { play, sent, settled } = phoneOf({ refuses: [new Unreachable()] });
  await settled(() => play.take(STARTED));
  // The first news is that it is on its way.
  await settled(() => play.passOn());
  assert.deepEqual([play.isUnreachable, sent.length], [true, 0]);
  await settled(() => context.mock.timers.tick(1_000));
  assert.deepEqual([play.isUnreachable, sent.length], [false, 1]);
});

test("a new game forgets the one before", async () => {
  const { play, settled } = phoneOf();
  await settled(() => play.take(STARTED));
  await settled(() => play.take({ game: { ...STARTED.game, step: 0, phase: "ready" } }));
  assert.deepEqual([play.records, play.moves], [{}, []]);
});
