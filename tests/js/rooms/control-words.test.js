import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ACTIONS,
  countsByStatus,
  daysWords,
  listed,
  rejoinWords,
} from "../../../static/rooms/control/control-words.js";

const drawing = (id, status) => ({ id, round: 1, place: "down", status });
const ALL = [drawing(1, "waiting"), drawing(2, "shown"), drawing(3, "waiting"), drawing(4, "removed")];
const NOW = Date.parse("2030-01-01T10:00:00.000+00:00");

test("those that wait come first, then the newest", () => {
  assert.deepEqual(
    listed(ALL, "all").map(({ id }) => id),
    [3, 1, 4, 2],
  );
  assert.deepEqual(
    listed(ALL, "removed").map(({ id }) => id),
    [4],
  );
});

test("each status is counted, and all", () => {
  assert.deepEqual(countsByStatus(ALL), { all: 4, waiting: 2, ready: 0, shown: 1, hidden: 0, removed: 1 });
});

test("from each status a drawing can get to another one, and back from removed", () => {
  for (const [status, actions] of Object.entries(ACTIONS)) {
    assert.ok(actions.every(({ becomes }) => becomes !== status));
  }
  assert.deepEqual(ACTIONS.removed, [{ becomes: "ready", verb: "Restore" }]);
});

test("a code to come back is shown while it works, with the time left", () => {
  const pupil = { pupil: 1, rejoin: "K7PM2X", rejoin_until: "2030-01-01T10:09:30.000+00:00" };
  assert.deepEqual(rejoinWords(pupil, NOW), { code: "K7PM2X", words: "works once, for another 9 min 30 s" });
  assert.equal(rejoinWords(pupil, NOW + 10 * 60_000), null);
  assert.equal(rejoinWords({ pupil: 1, rejoin: null, rejoin_until: null }, NOW), null);
});

test("the days until the room is forgotten are rounded up: right after it is opened, all of them are left", () => {
  assert.equal(daysWords("2030-01-08T09:59:58.000+00:00", NOW), "The room will be forgotten in 7 days.");
  assert.equal(daysWords("2030-01-02T11:00:00.000+00:00", NOW), "The room will be forgotten in 2 days.");
  assert.equal(daysWords("2030-01-01T11:00:00.000+00:00", NOW), "The room will be forgotten within a day.");
});
