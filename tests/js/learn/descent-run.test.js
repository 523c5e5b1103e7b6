import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { DescentRun } from "../../../static/learn/descent/descent-run.js";

const { fetch } = globalThis;
const PICTURE = [[0.5, -0.5]];
/** @type {object[]} the bodies of the requests */
let requests;
/** The descent of the fake server: it diverges after `end`, and computes at most `stretch` steps per request. */
let server;

beforeEach(() => {
  requests = [];
  server = { end: Infinity, stretch: Infinity };
  globalThis.fetch = async (path, { body }) => {
    assert.equal(path, "lessons/descent");
    const question = JSON.parse(body);
    requests.push(question);
    const { since, until, input, pictures } = question;
    const step = Math.min(until, since + server.stretch, server.end);
    return Response.json({
      step,
      costs: Array.from({ length: step - since }, (_, i) => 1 / (since + i + 1)),
      diverged: step === server.end,
      ...{ seconds: step / 100, cost: 2, accuracy: 0.5, gradient_norm: 3, images: 4_000 },
      probabilities: input && [0.25, 0.75],
      first_weights: pictures ? PICTURE : null,
    });
  };
});

afterEach(() => {
  globalThis.fetch = fetch;
});

function options(more = {}) {
  return { input: null, pictures: false, signal: new AbortController().signal, onProgress() {}, ...more };
}

test("only the costs that are missing are requested", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 7 });
  await run.frameAt(3, options());
  await run.frameAt(5, options());
  const asked = requests.map(({ since, until }) => [since, until]);
  assert.deepEqual(asked, [
    [0, 3],
    [3, 5],
  ]);
  assert.deepEqual(run.costs, [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]);
  const { learning_rate, batch_size, seed } = requests[0];
  assert.deepEqual({ learning_rate, batch_size, seed }, { learning_rate: 0.1, batch_size: 32, seed: 7 });
});

test("a step that was seen before is requested without costs", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  await run.frameAt(5, options());
  const frame = await run.frameAt(2, options({ input: [1] }));
  assert.deepEqual([frame.step, frame.probabilities, run.costs.length], [2, [0.25, 0.75], 5]);
});

test("full batch is a batch size of null, and each step sees all images", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 0, seed: 1 });
  await run.frameAt(1, options());
  assert.equal(requests[0].batch_size, null);
  assert.equal(run.imagesSeen(3), 12_000);
  assert.equal(new DescentRun({ rate: 0.1, batch: 32, seed: 1 }).imagesSeen(125), 4_000);
});

test("a server that answers in stretches is asked until the step is reached", async () => {
  server.stretch = 4;
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  let calls = 0;
  const frame = await run.frameAt(10, options({ onProgress: () => calls++ }));
  assert.deepEqual([frame.step, run.costs.length, calls], [10, 10, 2]);
});

test("a descent that diverges ends at its last step", async () => {
  server.end = 7;
  const run = new DescentRun({ rate: 1, batch: 32, seed: 1 });
  const frame = await run.frameAt(100, options());
  assert.deepEqual([frame.step, run.end], [7, 7]);
  await run.frameAt(50, options());
  assert.deepEqual([requests.at(-1).since, requests.at(-1).until], [7, 7]);
});

test("pictures of the start come first, and over a long way they are requested at its end only", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  const frame = await run.frameAt(200, options({ pictures: true }));
  assert.deepEqual(
    requests.map(({ since, until, pictures }) => [since, until, pictures]),
    [
      [0, 0, true],
      [0, 200, false],
      [200, 200, true],
    ],
  );
  assert.deepEqual([run.start.weights, frame.weights], [PICTURE.flat(), PICTURE.flat()]);
});

test("the pictures of the last frame are not requested again for another digit", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  await run.frameAt(5, options({ pictures: true }));
  const frame = await run.frameAt(5, options({ pictures: true, input: [1] }));
  assert.equal(requests.at(-1).pictures, false);
  assert.deepEqual(frame.weights, PICTURE.flat());
});

test("the time of a step follows from the longest stretch that was computed", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  await run.frameAt(50, options());
  assert.equal(run.secondsAt(25), 0.25);
});

test("an answer to an aborted question is dropped", async () => {
  const run = new DescentRun({ rate: 0.1, batch: 32, seed: 1 });
  const controller = new AbortController();
  const frame = run.frameAt(3, options({ signal: controller.signal }));
  controller.abort();
  await assert.rejects(frame, { name: "AbortError" });
  assert.deepEqual(run.costs, []);
});
