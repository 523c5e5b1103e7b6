import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, forQuestion, onWall, ordered, sideOf } from "../../../static/rooms/projector/wall-order.js";

const up = (id, label, digit, confidence) => ({ id, round: 1, place: "up", label, digit, confidence });
const down = (id) => ({ id, round: 1, place: "down" });
const WALL = [up(1, 4, 4, 0.7), down(2), up(3, 9, 4, 0.6), up(4, 4, 9, 0.9), up(5, null, 2, 0.99)];
const ids = (drawings) => drawings.map(({ id }) => id);

test("drawings stand as they came, face down among the others", () => {
  assert.deepEqual(ids(ordered([...WALL].reverse(), "came")), [1, 2, 3, 4, 5]);
});

test("the surest stand first, and what is face down last", () => {
  assert.deepEqual(ids(ordered(WALL, "surest")), [5, 4, 1, 3, 2]);
});

test("the wrong ones stand first, the surest of them at the head", () => {
  assert.deepEqual(ids(ordered(WALL, "wrong")), [4, 3, 5, 1, 2]);
});

test("by digit stands what was meant, else the answer, and the right ones before the wrong", () => {
  assert.deepEqual(ids(ordered(WALL, "digit")), [5, 1, 4, 3, 2]);
});

test("only what has a label counts as right or wrong", () => {
  const others = [
    { id: 6, round: 1, place: "waits" },
    { id: 7, round: 1, place: "away" },
  ];
  assert.deepEqual(countsOf([...WALL, ...others]), { up: 4, down: 1, waits: 1, away: 1, labelled: 3, right: 1 });
  assert.deepEqual(countsOf([]), { up: 0, down: 0, waits: 0, away: 0, labelled: 0, right: 0 });
});

test("the wall has the drawings of this round, without those that are hidden", () => {
  const all = [
    { ...up(1, 4, 4, 1), round: 1 },
    { ...up(2, 4, 4, 1), round: 2 },
    { id: 3, round: 2, place: "away" },
  ];
  assert.deepEqual(ids(forQuestion(all, { activity: "draw", round: 2 })), [2, 3]);
  assert.deepEqual(ids(onWall(forQuestion(all, { activity: "draw", round: 2 }))), [2]);
  assert.deepEqual(ids(forQuestion(all, { activity: "watch", round: 2 })), []);
});

test("the data set has those of all rounds that have a label", () => {
  const all = [up(1, 4, 4, 1), { ...up(2, null, 4, 1), round: 2 }, { ...down(3), round: 2 }];
  assert.deepEqual(ids(forQuestion(all, { activity: "collect", round: 2 })), [1, 3]);
});

test("forty tiles fit a wall of 1500 by 700 pixels, as large as they can be", () => {
  const wall = { width: 1500, height: 700, gap: 8, caption: 40 };
  const side = sideOf(40, wall, 300);
  const columns = Math.floor((wall.width + wall.gap) / (side + wall.gap));
  const rows = Math.ceil(40 / columns);
  assert.ok(rows * (side + wall.caption) + (rows - 1) * wall.gap <= wall.height);
  assert.ok(side > 120);
});

test("five tiles stand in one row", () => {
  const wall = { width: 960, height: 400, gap: 6, caption: 42 };
  const side = sideOf(5, wall, 288);
  assert.ok(5 * side + 4 * wall.gap <= wall.width);
  assert.ok(side > 180);
});

test("few tiles are no larger than the most, and too many don't fit at all", () => {
  const wall = { width: 1500, height: 700, gap: 8, caption: 20 };
  assert.equal(sideOf(1, wall, 300), 300);
  assert.equal(sideOf(0, wall, 300), 300);
  assert.ok(sideOf(5000, wall, 300) < 10);
});
