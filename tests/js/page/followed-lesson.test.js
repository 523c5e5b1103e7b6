import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { explores, followedAddress } from "../../../static/page/followed-lesson.js";

const BASE = "https://school.example/digits/";

beforeEach(() => {
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
  };
});

test("a phone shows the teacher's address below the server's path, with its room", () => {
  const { href } = followedAddress("learn/slope?at=1.5&hide=code", "KX4H7M", BASE);
  assert.equal(href, "https://school.example/digits/learn/slope?at=1.5&hide=code&room=KX4H7M");
  assert.equal(followedAddress("learn/cost", "KX4H7M", BASE).search, "?room=KX4H7M");
});

test("no lesson leads a phone to another room", () => {
  assert.equal(followedAddress("learn/cost?room=OTHER1", "KX4H7M", BASE).search, "?room=KX4H7M");
});

test("a tab explores in one room only, until it follows again", () => {
  assert.equal(explores("KX4H7M").read(), false);
  explores("KX4H7M").write(true);
  assert.equal(explores("KX4H7M").read(), true);
  assert.equal(explores("OTHER1").read(), false);
  explores("KX4H7M").write(false);
  assert.equal(explores("KX4H7M").read(), false);
});
