import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { followOnePointer } from "../../../static/page/one-pointer.js";

let element;
let calls;
let take;
let now;

beforeEach(() => {
  element = Object.assign(new EventTarget(), { setPointerCapture() {} });
  calls = [];
  now = 10_000;
  const note =
    (name) =>
    (...[event]) =>
      calls.push(event ? `${name} ${event.pointerType} ${event.pointerId}` : name);
  take = followOnePointer(element, {
    begin: note("begin"),
    move: note("move"),
    end: note("end"),
    cancel: note("cancel"),
  });
});

/** What an event brings about. */
function after(type, pointerType, pointerId) {
  calls = [];
  const event = Object.assign(new Event(`pointer${type}`), { pointerType, pointerId, button: 0 });
  Object.defineProperty(event, "timeStamp", { value: now });
  element.dispatchEvent(event);
  return calls;
}

test("one pointer is followed until it is lifted, and a second one next to it is not", () => {
  assert.deepEqual(after("down", "touch", 1), ["begin touch 1"]);
  assert.deepEqual(after("down", "touch", 2), []);
  assert.deepEqual(after("move", "touch", 2), []);
  assert.deepEqual(after("move", "touch", 1), ["move touch 1"]);
  assert.deepEqual(after("up", "touch", 2), []);
  assert.deepEqual(after("up", "touch", 1), ["end"]);
  assert.deepEqual(after("move", "touch", 1), []);
  assert.deepEqual(after("down", "touch", 3), ["begin touch 3"]);
});

test("a pen takes over from a palm, which is undone and does nothing more", () => {
  after("down", "touch", 1);
  assert.deepEqual(after("down", "pen", 2), ["cancel", "begin pen 2"]);
  assert.deepEqual(after("move", "touch", 1), []);
  assert.deepEqual(after("up", "touch", 1), []);
  assert.deepEqual(after("up", "pen", 2), ["end"]);
});

test("a pen takes over from nothing but a touch", () => {
  after("down", "mouse", 1);
  assert.deepEqual(after("down", "pen", 2), []);
});

test("a touch next to a pen, or soon after it, does nothing", () => {
  after("down", "pen", 1);
  assert.deepEqual(after("down", "touch", 2), []);
  after("up", "touch", 2);
  after("up", "pen", 1);
  now += 900;
  assert.deepEqual(after("down", "touch", 3), []);
  after("move", "pen", 1); // above the screen
  now += 900;
  assert.deepEqual(after("down", "touch", 4), []);
  now += 200;
  assert.deepEqual(after("down", "touch", 5), ["begin touch 5"]);
});

test("what a pointer did is undone when the system cancels it", () => {
  after("down", "touch", 1);
  assert.deepEqual(after("cancel", "touch", 1), ["cancel"]);
  assert.deepEqual(after("up", "touch", 1), []);
});

test("a pointer that has gone before it could be captured does not keep others off", () => {
  after("down", "touch", 1);
  element.setPointerCapture = () => {
    throw new DOMException("No active pointer with the given id is found.", "NotFoundError");
  };
  calls = [];
  assert.throws(() => take({ pointerType: "pen", pointerId: 2, timeStamp: now }));
  assert.deepEqual(calls, []);
  assert.deepEqual(after("move", "touch", 1), ["move touch 1"]);
});
