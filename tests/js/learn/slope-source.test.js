import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameLine, usualReach, usualStart } from "../../../static/learn/slope/slope-source.js";

const LAST = { layer: 3, neuron: 4, input: 13 };
const LINE = { kind: /** @type {const} */ ("parameter"), parameter: LAST, seed: 1, about: null };

test("the chart reaches further for the first layer and for biases", () => {
  const span = (parameter, view) => usualReach({ ...LINE, parameter }, view).span;
  assert.equal(span(LAST, "wide"), 2);
  assert.equal(span({ ...LAST, layer: 1 }, "wide"), 8);
  assert.equal(span({ ...LAST, input: null }, "wide"), 8);
  assert.equal(span(LAST, "close"), 0.5);
});

test("towards the identical network the wide chart shows both ends", () => {
  const { offset, span } = usualReach({ ...LINE, kind: "twin" }, "wide");
  assert.ok(offset - span < 0 && offset + span > 1);
});

test("a line is another when its parameter, seed or digit is", () => {
  assert.equal(isSameLine(LINE, { ...LINE, seed: 2 }), true, "a parameter has no seed");
  assert.equal(isSameLine(LINE, { ...LINE, parameter: { ...LAST, neuron: 5 } }), false);
  assert.equal(isSameLine(LINE, { ...LINE, about: { input: [0], digit: 3 } }), false);
  const twin = { ...LINE, kind: /** @type {const} */ ("twin") };
  assert.equal(isSameLine(twin, { ...twin, seed: 2 }), false);
  assert.equal(isSameLine(twin, { ...twin, parameter: { ...LAST, neuron: 5 } }), true);
  const drawn = { ...LINE, kind: /** @type {const} */ ("drawn") };
  assert.equal(isSameLine(drawn, { ...drawn, about: { input: [0], digit: 3 } }), true);
});

test("the ball starts beside the network, inside the wide chart", () => {
  for (const kind of /** @type {const} */ (["parameter", "twin", "random"])) {
    const { offset, span } = usualReach({ ...LINE, kind }, "wide");
    const start = usualStart({ ...LINE, kind }, 0);
    assert.ok(Math.abs(start) > 0.1 * span && Math.abs(start - offset) < span, kind);
  }
  assert.equal(usualStart({ ...LINE, kind: "drawn" }, 3), 3);
});
