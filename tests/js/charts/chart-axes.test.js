import assert from "node:assert/strict";
import { test } from "node:test";
import { tickLabels } from "../../../static/charts/chart-axes.js";
import { short } from "../../../static/page/format.js";

test("the numbers of a linear axis have equally many decimals", () => {
  assert.deepEqual(tickLabels([0, 0.5, 1, 1.5], short), ["0.0", "0.5", "1.0", "1.5"]);
  assert.deepEqual(tickLabels([0, 100, 200], short), ["0", "100", "200"]);
});

test("other labels stay as they are: of a logarithmic axis, in percent, or left out", () => {
  assert.deepEqual(tickLabels([0.1, 1, 10], short), ["0.1", "1", "10"]);
  assert.deepEqual(
    tickLabels([0.97, 0.975, 0.98], (tick) => `${short(100 * tick)}%`),
    ["97%", "97.5%", "98%"],
  );
  assert.deepEqual(
    tickLabels([0, 0.5, 1], (tick) => (Number.isInteger(tick) ? String(tick) : "")),
    ["0", "", "1"],
  );
});
