import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Problem, post, request, sentenceOf, Unreachable } from "../../../static/page/api.js";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** Answers each request with `response`, and keeps what was asked. */
function answering(response) {
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    if (response instanceof Error) throw response;
    return response;
  };
  return asked;
}

test("request returns the JSON of the answer, and null where there is no content", async () => {
  const asked = answering(Response.json({ digit: 7 }));
  assert.deepEqual(await request("predict"), { digit: 7 });
  assert.equal(asked[0].path, "predict");
  assert.equal(asked[0].headers.Accept, "application/json");
  answering(new Response(null, { status: 204 }));
  assert.equal(await request("runs/1"), null);
});

test("post sends JSON", async () => {
  const asked = answering(Response.json({}));
  await post("admin/runs", { epochs: 3 });
  const { method, headers, body } = asked[0];
  assert.deepEqual([method, headers["Content-Type"], body], ["POST", "application/json", '{"epochs":3}']);
});

test("a refusal is a Problem with the server's sentence", async () => {
  answering(Response.json({ detail: "There is no ink." }, { status: 422 }));
  await assert.rejects(request("predict"), (error) => {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.status, sentenceOf(error)], [422, "There is no ink."]);
    return true;
  });
});

test("a refusal says how long to wait, where the server does", async () => {
  const headers = { "Retry-After": "6" };
  answering(Response.json({ detail: "Wait a moment." }, { status: 429, headers }));
  await assert.rejects(request("predict"), { status: 429, retryAfter: 6 });
  answering(Response.json({ detail: "There is no ink." }, { status: 422 }));
  await assert.rejects(request("predict"), { retryAfter: 0 });
});

test("a refusal that is not a problem document has a sentence too", async () => {
  answering(new Response("<html>", { status: 418 }));
  await assert.rejects(request("predict"), { detail: "The server answered 418 and gave no reason." });
  answering(new Response("<html>", { status: 413 }));
  await assert.rejects(request("predict"), { detail: /too large for the server in front/ });
});

test("no connection and a gateway without a server are both Unreachable", async () => {
  for (const response of [new TypeError("Failed to fetch"), new Response("", { status: 502 })]) {
    answering(response);
    await assert.rejects(request("models"), (error) => {
      assert.ok(error instanceof Unreachable);
      assert.match(sentenceOf(error), /try again/);
      return true;
    });
  }
});

test("a request that was aborted rejects with the reason of its own signal", async () => {
  const abort = new AbortController();
  abort.abort();
  answering(abort.signal.reason);
  await assert.rejects(request("models", { signal: abort.signal }), { name: "AbortError" });
});
