import assert from "node:assert/strict";
import { test } from "node:test";

import { GamePlayer } from "../../../static/rooms/game/game-player.js";
import { GameState } from "../../../static/rooms/game/game-state.js";

const ME = 3;

/** @param {object} changes */
function stateOf(changes = {}) {
  const state = new GameState();
  state.take({
    game: { step: 4, phase: "forward-2", step_eta: 0.5, digits: [7], labels: null, is_over: false, ...changes },
    deal: { held: { "1-0": [1], "2-0": [ME], "2-1": [ME], "3-0": [ME] }, asleep: [] },
    "forward-1": { step: 4, numbers: [[1, 2]] },
  });
  return state;
}

function callsOf() {
  const asked = [];
  const sent = [];
  return {
    asked,
    sent,
    neurons: async (names) => {
      asked.push(names);
      return { step: 4, neurons: Object.fromEntries(names.map((name) => [name, { weights: [1, -1], bias: 0.5 }])) };
    },
    inputs: async () => ({ inputs: {} }),
    passOn: async (numbers) => {
      sent.push(numbers);
      return { verdicts: {} };
    },
  };
}

test("a phone computes the neurons that it holds in the present layer", async () => {
  const calls = callsOf();
  const player = new GamePlayer(calls, ME);
  const state = stateOf();
  const moves = await player.moves(state);

  assert.deepEqual(
    moves.map(({ name, sums, numbers }) => [name, sums, numbers]),
    [
      ["2-0", [-0.5], [-0.05]],
      ["2-1", [-0.5], [-0.05]],
    ],
  );
  await player.passOn(state, moves);
  assert.deepEqual(calls.sent[0], {
    step: 4,
    phase: "forward-2",
    neurons: { "2-0": { numbers: [-0.05] }, "2-1": { numbers: [-0.05] } },
  });
});

test("a phone waits for the numbers of the layer before", async () => {
  const player = new GamePlayer(callsOf(), ME);
  const state = stateOf();
  state.take({ "forward-1": { step: 3, numbers: [[1, 2]] } });

  assert.deepEqual(await player.moves(state), []);
});

test("backwards a phone gives back to each neuron before, and nudges its own numbers for the next step", async () => {
  const calls = callsOf();
  const player = new GamePlayer(calls, ME);
  const state = stateOf({ phase: "backward-2" });
  state.take({
    "forward-2": { step: 4, numbers: [[-0.05, 3]] },
    "back-2": { step: 4, numbers: [[2, 4]] },
  });
  const moves = await player.moves(state);

  assert.deepEqual(
    moves.map(({ numbers, back }) => [numbers, back]),
    [
      [[0.2], [[0.2], [-0.2]]],
      [[4], [[4], [-4]]],
    ],
  );
  await player.passOn(state, moves);
  state.take({
    game: { ...state.game, step: 5, phase: "forward-2" },
    "forward-1": { step: 5, numbers: [[1, 2]] },
  });
  const [next] = await player.moves(state);
  assert.deepEqual(next.neuron, { weights: [1 - 0.5 * 0.2, -1 - 0.5 * 0.4], bias: 0.5 - 0.5 * 0.2 });
  // "3-0" missed its phase, so it alone is asked for again.
  assert.deepEqual(calls.asked, [["2-0", "2-1", "3-0"], ["3-0"]]);
});

test("an output neuron's delta is its share of the answer less what is wanted", async () => {
  const player = new GamePlayer(callsOf(), ME);
  const state = stateOf({ phase: "backward-3", labels: [0] });
  state.take({
    "forward-2": { step: 4, numbers: [[1, 2]] },
    "forward-3": { step: 4, numbers: [[0, 0]] },
  });

  const [move] = await player.moves(state);
  assert.deepEqual(move.numbers, [-0.5]);
});

test("a neuron whose number was wrong is fetched anew", async () => {
  const calls = callsOf();
  const player = new GamePlayer({ ...calls, passOn: async () => ({ verdicts: { "2-0": "wrong" } }) }, ME);
  const state = stateOf();
  await player.passOn(state, await player.moves(state));
  await player.moves(state);

  assert.deepEqual(calls.asked.at(-1), ["2-0"]);
});

test("in a new game a phone fetches its neurons anew", async () => {
  const calls = callsOf();
  const player = new GamePlayer(calls, ME);
  await player.moves(stateOf({ seed: 1 }));
  await player.moves(stateOf({ seed: 1 }));
  await player.moves(stateOf({ seed: 2 }));

  assert.equal(calls.asked.length, 2);
});
