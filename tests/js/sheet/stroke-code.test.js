import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode } from "../../../static/sheet/stroke-code.js";

test("strokes come back from their code within a grid step", () => {
  const strokes = [
    [
      { x: 0.1, y: 0.2 },
      { x: 0.5, y: 0.9 },
      { x: 1.2, y: -0.3 }, // beyond the sheet, where the pen may slip
    ],
    [{ x: 0.25, y: 0.75 }],
  ];
  const back = decode(encode(strokes));
  assert.deepEqual(
    back.map((stroke) => stroke.length),
    [3, 1],
  );
  for (const [i, { x, y }] of strokes.flat().entries()) {
    const seen = back.flat()[i];
    assert.ok(Math.abs(seen.x - Math.min(1, Math.max(0, x))) <= 1 / 500);
    assert.ok(Math.abs(seen.y - Math.min(1, Math.max(0, y))) <= 1 / 500);
  }
});

test("no strokes have an empty code", () => {
  assert.equal(encode([]), "");
  assert.deepEqual(decode(""), []);
});

const LONG = Array.from({ length: 5 }, (_, s) =>
  Array.from({ length: 3000 }, (_, i) => ({
    x: 0.5 + 0.4 * Math.sin(i / (90 + s)),
    y: 0.5 + 0.4 * Math.cos(i / 70),
  })),
);
const DOTS = Array.from({ length: 900 }, (_, i) => [{ x: i / 900, y: 0.5 }]);

for (const [what, strokes] of Object.entries({ "very long strokes": LONG, "very many dots": DOTS })) {
  test(`${what} are thinned until they fit an address, and their code is stable`, () => {
    const code = encode(strokes);
    assert.ok(code.length > 300 && code.length <= 600);
    assert.match(code, /^[\w-]+$/);
    assert.equal(encode(decode(code)), code);
  });
}

for (const text of ["!", "A", "AA", "_w", "AAAA_w", "AAD_", "é", "A A A", "A".repeat(608)]) {
  test(`${text.slice(0, 10)} is no code of strokes`, () => {
    assert.equal(decode(text), null);
  });
}
