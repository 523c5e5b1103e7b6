import assert from "node:assert/strict";
import { test } from "node:test";

import { accuracy, duration, percent, short, when, withMinus } from "../../../static/page/format.js";

test("short keeps four digits that count, and uses powers of ten for what is tiny or huge", () => {
  assert.deepEqual([0, 0.12345, 12.345, 54_321, 1_234_567, 0.00001234, -2.5].map(short), [
    ...["0", "0.1235", "12.35", "54,320", "1.2e+6", "1.2e-5", "-2.5"],
  ]);
  assert.equal(short(null), "–");
});

test("percent rounds to whole percent, but never to certainty or to nothing", () => {
  assert.deepEqual([0, 0.004, 0.794, 0.99, 0.9901, 1].map(percent), ["0%", "<1%", "79%", "99%", ">99%", ">99%"]);
  assert.equal(percent(NaN), "–");
});

test("accuracy shows one image of the 10,000, and 100% only for all of them", () => {
  assert.deepEqual([1, 0.99999, 0].map(accuracy), ["100%", "99.99%", "0.00%"]);
  assert.equal(accuracy(0.9712), "97.12%");
  assert.equal(accuracy(null), "–");
});

test("duration names the one or two units that matter", () => {
  assert.deepEqual([0.3, 8, 59.6, 200, 599, 600, 3540, 3900].map(duration), [
    "under 1 s",
    "8 s",
    "1 min 00 s",
    "3 min 20 s",
    "9 min 59 s",
    "10 min",
    "59 min",
    "1 h 05 min",
  ]);
});

test("when is as seen from now, and a date after an hour", () => {
  const now = Date.parse("2026-11-24T06:45:00Z");
  assert.equal(when("2026-11-24T06:44:30Z", now), "just now");
  assert.equal(when("2026-11-24T06:40:00Z", now), "5 min ago");
  assert.match(when("2026-11-22T06:40:00Z", now), /^\d+ Nov, \d\d:\d\d$/);
});

test("a minus sign is as wide as a plus", () => {
  assert.equal(withMinus("-1.2e-7"), "−1.2e−7");
});
