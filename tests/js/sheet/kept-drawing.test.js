import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { BLANK } from "../../../static/sheet/drawing.js";
import { keepDrawing, keptDrawing, keptStrokes } from "../../../static/sheet/kept-drawing.js";

const STROKES = [
  [
    { x: 0.25, y: 1 / 3 },
    { x: -0.01, y: 0.5 },
  ],
  [{ x: 0.5, y: 0.5 }],
];
let stored;

beforeEach(() => {
  stored = new Map();
  globalThis.sessionStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => stored.set(key, text),
    removeItem: (key) => stored.delete(key),
  };
});

test("strokes come back as they were drawn", async () => {
  keepDrawing({ picture: null, strokes: STROKES });
  assert.deepEqual(keptStrokes(), STROKES);
  assert.deepEqual(await keptDrawing(), { picture: null, strokes: STROKES });
});

test("a blank sheet forgets them", async () => {
  keepDrawing({ picture: null, strokes: STROKES });
  keepDrawing(BLANK);
  assert.deepEqual([keptStrokes(), await keptDrawing(), stored.size], [[], null, 0]);
});

test("a picture that is too large is not kept, nor what was drawn over it", async () => {
  keepDrawing({ picture: null, strokes: STROKES });
  await keepDrawing({ picture: { blob: { size: 3_000_001 } }, strokes: STROKES });
  assert.equal(await keptDrawing(), null);
});

test("what another version kept counts for nothing", async () => {
  for (const text of ["7", "{}", "[]", "no JSON", '{"strokes": [[]]}', '{"strokes": [[{"x": 0.5}]]}']) {
    stored.set("drawing", text);
    assert.deepEqual([keptStrokes(), await keptDrawing()], [[], null], text);
  }
});

test("a kept picture that is none counts for nothing", async () => {
  for (const picture of ["7", '"no URL"', '"data:image/png;base64,!"', "{}"]) {
    stored.set("drawing", `{"strokes": [], "picture": ${picture}}`);
    assert.equal(await keptDrawing(), null, picture);
  }
});

test("without a storage the page works as before", async () => {
  globalThis.sessionStorage = undefined;
  await keepDrawing({ picture: null, strokes: STROKES });
  assert.equal(await keptDrawing(), null);
});
