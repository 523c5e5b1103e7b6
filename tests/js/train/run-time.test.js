import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Looks } from "../../../static/train/live/run-live-look.js";
import { examplePath, readNames } from "../../../static/train/live/run-live-names.js";
import { Frames, readAnswer } from "../../../static/train/live/run-time-frames.js";
import { isPlace, placeOf, placeWords } from "../../../static/train/live/run-time-machine.js";
import { layersOf } from "../../../static/train/live/run-time-parameters.js";

const SHAPE = { sizes: [2, 1, 1], activation: "relu", cost: "quadratic" };
const NUMBERS = new Float32Array([1, 2, 3, 4, 5]);
const ANSWER = { digit: 3, confidence: 0.9, probabilities: [0.1, 0.9], activations: [[1], [0.1, 0.9]] };
const { signal } = new AbortController();

/** The addresses that were fetched, without the run's own part. */
let fetched = [];
/** The steps of the answers to come; the last one stays. */
let steps = { answers: [7], parameters: [7] };

beforeEach(() => {
  fetched = [];
  steps = { answers: [7], parameters: [7] };
  mock.method(globalThis, "fetch", async (path) => {
    const [, what] = path.match(/([a-z]+)$/);
    fetched.push(path.replace("runs/1/checkpoints/", ""));
    const step = steps[what].length > 1 ? steps[what].shift() : steps[what][0];
    if (what === "parameters") return new Response(NUMBERS.buffer, { headers: { "Descent-Step": String(step) } });
    return Response.json({ step, answers: [ANSWER] });
  });
});

const frames = () => new Frames("runs/1/checkpoints", SHAPE);

test("a row of numbers is split into the weights and biases of each layer", () => {
  const { layers, first } = layersOf(NUMBERS, SHAPE.sizes);
  const plain = layers.map(({ weights, biases }) => [weights.map((row) => [...row]), [...biases]]);
  assert.deepEqual(plain, [
    [[[1, 2]], [3]],
    [[[4]], [5]],
  ]);
  assert.deepEqual([...first], [1, 2]);
});

test("a checkpoint is fetched once", async () => {
  const [kept, inputs] = [frames(), [[0, 1]]];
  const frame = await kept.frameAt(7, inputs, signal);
  assert.deepEqual([frame.step, frame.answers], [7, [ANSWER]]);
  assert.equal(await kept.frameAt(7, inputs, signal), frame);
  assert.deepEqual(fetched, ["7/answers", "7/parameters"]);
});

test("numbers of an answer that were too large to be sent are not numbers", () => {
  const sent = JSON.parse('{"digit": 0, "confidence": null, "probabilities": [null, 0], "activations": [[null], [1]]}');
  assert.deepEqual(readAnswer(sent), { digit: 0, confidence: NaN, probabilities: [NaN, 0], activations: [[NaN], [1]] });
});

test("other inputs are answered again, by the same parameters", async () => {
  const kept = frames();
  await kept.frameAt(7, [[0, 1]], signal);
  await kept.frameAt(7, [[1, 1]], signal);
  assert.deepEqual(fetched, ["7/answers", "7/parameters", "7/answers"]);
});

test("the newest network is fetched again once it has taken steps", async () => {
  const kept = frames();
  await kept.frameAt("now", [[0, 1]], signal);
  await kept.frameAt("now", [[0, 1]], signal);
  assert.deepEqual(fetched, ["now/answers", "now/parameters", "now/answers"]);
  steps = { answers: [8], parameters: [8] };
  assert.equal((await kept.frameAt("now", [[0, 1]], signal)).step, 8);
});

test("answers and parameters of two different networks are fetched again", async () => {
  steps = { answers: [7, 8], parameters: [8] };
  const frame = await frames().frameAt("now", [[0, 1]], signal);
  assert.equal(frame.step, 8);
  assert.deepEqual(fetched, ["now/answers", "now/parameters", "now/answers"]);
});

test("without inputs only the parameters are fetched", async () => {
  assert.deepEqual((await frames().frameAt(7, [], signal)).answers, []);
  assert.deepEqual(fetched, ["7/parameters"]);
});

test("a step leads to its checkpoint, or to the last one before it", () => {
  assert.equal(placeOf(25, [10, 20, 30]), 20);
  assert.equal(placeOf(5, [10, 20, 30]), 10);
  assert.equal(placeOf(null, [10, 20]), "now");
  assert.equal(placeOf(5, []), "now");
  assert.deepEqual([null, 0, 20, -1, 1.5, "x"].map(isPlace), [true, true, true, false, false, false]);
});

test("a place is described by its step", () => {
  assert.equal(placeWords(1_564, 0, "now"), "after step 1,564");
  assert.equal(placeWords("now", 2_000, "at its end"), "at its end, after step 2,000");
});

test("digits need no names, and images of other classes are found by their data set", async () => {
  assert.deepEqual(await readNames("mnist"), [..."0123456789"]);
  globalThis.fetch = async () => Response.json({ classes: ["hat", "bag"] });
  assert.deepEqual(await readNames("my clothes"), ["hat", "bag"]);
  globalThis.fetch = async () => Response.json({ detail: "Gone." }, { status: 404 });
  assert.deepEqual(await readNames("my clothes"), [..."0123456789"]);
  assert.equal(examplePath("my clothes", 1), "datasets/my%20clothes/examples/1.png");
});

test("after news the network is fetched at most once a second, and never twice at a time", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  mock.method(performance, "now", () => now);
  const wait = (milliseconds) => {
    now += milliseconds;
    mock.timers.tick(milliseconds);
  };
  let count = 0;
  const looks = new Looks(() => {
    count++;
    looks.began();
  });
  looks.news();
  wait(1);
  assert.equal(count, 1);
  looks.news();
  wait(5_000);
  assert.equal(count, 1); // the first one is still under way
  looks.ended();
  wait(4_999); // it took 5 s, and no rest is longer than that
  assert.equal(count, 1);
  wait(1);
  assert.equal(count, 2);
  mock.timers.reset();
});
