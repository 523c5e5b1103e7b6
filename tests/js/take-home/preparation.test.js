import assert from "node:assert/strict";
import { test } from "node:test";

import { normalise } from "../../../static/take-home/normalise.js";
import { painted, placed, SIDE } from "../../../static/take-home/placement.js";
import { inputOf } from "../../../static/take-home/take-home.js";

const PAINTED = 140;
const LINE = [
  { x: 0.5, y: 0.2 },
  { x: 0.5, y: 0.8 },
];
const SEVEN = [
  { x: 0.28, y: 0.22 },
  { x: 0.7, y: 0.22 },
  { x: 0.57, y: 0.5 },
  { x: 0.45, y: 0.82 },
];

function rowsOf(pixels, side) {
  return Array.from({ length: side }, (_, y) => pixels.slice(y * side, (y + 1) * side));
}

/** Its mean column and row. */
function centreOf(pixels) {
  const mass = pixels.reduce((total, ink) => total + ink, 0);
  const mean = (place) => pixels.reduce((total, ink, i) => total + ink * place(i), 0) / mass;
  return [mean((i) => i % SIDE), mean((i) => Math.floor(i / SIDE))];
}

test("a stroke is as wide as the pen, round at its ends, and soft at its edge", () => {
  const rows = rowsOf(painted([LINE]), PAINTED);
  const across = rows[PAINTED / 2];
  assert.ok(Math.abs(across.reduce((total, ink) => total + ink) - 10) < 1e-3);
  assert.ok(across.slice(65, 75).every((ink) => ink > 0.99));
  assert.ok(rows.flat().some((ink) => ink > 0 && ink < 1));
  assert.equal(rows[22][69], 0);
  assert.equal(rows[24][69], 1);
});

test("a dot and what is drawn beyond the sheet's edge are painted too", () => {
  assert.ok(painted([[{ x: 0.5, y: 0.5 }]]).includes(1));
  assert.ok(
    painted([
      [
        { x: -0.1, y: 0.5 },
        { x: 0.1, y: 1.2 },
      ],
    ]).includes(1),
  );
});

for (const [name, stroke] of Object.entries({ LINE, SEVEN })) {
  test(`${name}: the longer side becomes 20 pixels, and the centre of mass the middle`, () => {
    const image = placed(painted([stroke]));
    const rows = rowsOf(image, SIDE);
    assert.equal(rows.filter((row) => row.some((ink) => ink > 0)).length, 20);
    assert.equal(Math.max(...image), 255);
    for (const place of centreOf(image)) assert.ok(Math.abs(place - 14) < 0.51);
  });

  test(`${name}: it is the same wherever and however large it was drawn`, () => {
    const small = stroke.map(({ x, y }) => ({ x: x / 2 + 0.3, y: y / 2 }));
    const [one, other] = [stroke, small].map((drawn) => placed(painted([drawn])));
    assert.ok(centreOf(one).every((place, i) => Math.abs(place - centreOf(other)[i]) < 1));
  });
}

test("ink paler than a fifth of the darkest is paper", () => {
  const sheet = painted([LINE]);
  const grey = sheet.map((ink) => Math.max(ink, 0.19));
  assert.deepEqual(placed(grey), placed(sheet.map((ink) => (ink < 0.2 ? 0 : ink))));
});

test("the input of a drawing is centred and upright", () => {
  const input = inputOf([SEVEN]);
  assert.equal(input.length, 784);
  for (const place of centreOf(input)) assert.ok(Math.abs(place - 13.5) < 0.1);
  assert.ok(input.every((ink) => ink >= 0 && ink <= 1));
});

test("a slanted line gives the input of the test vector in docs/onnx.md", () => {
  const image = new Array(784).fill(0);
  for (let row = 5; row < 23; row++) {
    const start = 18 - Math.floor(row / 3);
    for (let column = start; column < start + 3; column++) image[row * SIDE + column] = 255;
  }
  const expected = [0.0011, 0.0086, 0.0161, 0.2722, 0.6647, 1, 1, 1, 0.9951, 0.9876, 0.924, 0.5316, 0.1391];
  const found = normalise(image).slice(14 * SIDE, 15 * SIDE);
  assert.deepEqual(
    found.flatMap((ink, i) => (ink > 1e-6 ? [i] : [])),
    [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  );
  expected.forEach((ink, i) => {
    assert.ok(Math.abs(found[7 + i] - ink) < 0.6e-4);
  });
});

test("a blank image stays blank", () => {
  assert.deepEqual(normalise(new Array(784).fill(0)), new Array(784).fill(0));
});
