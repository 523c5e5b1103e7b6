import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

/** Those that were made, oldest first. */
let sources;
let heard;

class FakeSource extends EventTarget {
  static OPEN = 1;
  static CLOSED = 2;
  readyState = 0;

  constructor(path) {
    super();
    this.path = path;
    sources.push(this);
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  open() {
    this.readyState = FakeSource.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  send(type, data) {
    this.dispatchEvent(Object.assign(new Event(type), { data }));
  }

  /** The server answered with an error, and EventSource gave up. */
  refuse() {
    this.close();
    this.dispatchEvent(new Event("error"));
  }
}

globalThis.EventSource = FakeSource;
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
const { keepOpen } = await import("../../../static/page/event-stream.js");

beforeEach(() => {
  sources = [];
  heard = [];
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

function show(isShown) {
  document.hidden = !isShown;
  document.dispatchEvent(new Event("visibilitychange"));
}

function opened(options = {}) {
  return keepOpen("events", {
    types: ["news"],
    onEvent: ({ data }) => heard.push(data),
    last: () => 0,
    hasEnded: () => false,
    onConnection: (connected) => heard.push(connected ? "connected" : "lost"),
    ...options,
  });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a hidden page closes its stream, and goes on after the last event when it is shown", () => {
  let last = 0;
  opened({ last: () => last });
  sources[0].open();
  sources[0].send("news", "hello");
  last = 7;
  show(false);
  assert.equal(sources[0].readyState, FakeSource.CLOSED);
  show(true);
  assert.deepEqual(
    sources.map(({ path }) => path),
    ["events", "events?after=7"],
  );
  assert.deepEqual(heard, ["connected", "hello"]);
});

test("a refused stream is tried again, later and later, until it opens", async () => {
  opened();
  for (const pause of [1_000, 2_000, 4_000, 8_000, 8_000]) {
    const before = sources.length;
    sources.at(-1).refuse();
    await settle();
    mock.timers.tick(pause - 1);
    assert.equal(sources.length, before);
    mock.timers.tick(1);
    assert.equal(sources.length, before + 1);
  }
  sources.at(-1).open();
  sources.at(-1).refuse();
  await settle();
  mock.timers.tick(1_000);
  assert.equal(sources.length, 7);
});

test("a refusal that is final is not tried again, and one that is old is not heard", async () => {
  let answer;
  const asked = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  opened({ askWhy: asked, isFinal: (status) => heard.push(status) > 0 });
  sources[0].refuse();
  show(false);
  show(true);
  answer(401);
  await settle();
  assert.deepEqual(heard, ["lost"]);
  sources[1].refuse();
  answer(404);
  await settle();
  mock.timers.tick(60_000);
  assert.deepEqual([heard, sources.length], [["lost", "lost", 404], 2]);
});

test("after its end a stream that breaks is no loss, and it can be opened again", async () => {
  let hasEnded = false;
  const stream = opened({ hasEnded: () => hasEnded });
  sources[0].open();
  hasEnded = true;
  sources[0].refuse();
  await settle();
  mock.timers.tick(60_000);
  show(true);
  assert.deepEqual([heard, sources.length], [["connected"], 1]);
  hasEnded = false;
  stream.connect();
  assert.equal(sources.length, 2);
});
