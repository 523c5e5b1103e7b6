import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { request } from "../../../static/page/api.js";
import { whenReached } from "../../../static/page/reached.js";

const { fetch } = globalThis;
let calls;

beforeEach(() => {
  calls = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => {
  mock.timers.reset();
  globalThis.fetch = fetch;
});

async function answer(status) {
  globalThis.fetch = async () => new Response("{}", { status });
  await request("models").catch(() => {});
}

test("it calls back once after any answer of the server, also a refusal, when there was time to read", async () => {
  whenReached(() => calls++);
  await answer(404);
  mock.timers.tick(3_000);
  assert.equal(calls, 0);
  mock.timers.tick(1_000);
  await answer(200);
  mock.timers.tick(10_000);
  assert.equal(calls, 1);
});

test("an answer of a gateway without a server does not count, nor does time alone", async () => {
  const stop = whenReached(() => calls++);
  await answer(502);
  mock.timers.tick(60_000);
  assert.equal(calls, 0);
  stop();
});

test("it can be stopped, before the answer and after it", async () => {
  whenReached(() => calls++)();
  const stop = whenReached(() => calls++);
  await answer(200);
  stop();
  mock.timers.tick(10_000);
  assert.equal(calls, 0);
});
