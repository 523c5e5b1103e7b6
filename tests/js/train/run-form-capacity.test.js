import assert from "node:assert/strict";
import { test } from "node:test";

import { capacityText, mustWait } from "../../../static/train/form/run-form-capacity.js";

const alone = { at_once: 1, active: 0, queued: 0 };
const cluster = { at_once: 4, active: 3, queued: 0 };

test("where one run is trained at a time, nothing is said until one is", () => {
  assert.equal(capacityText(alone), "");
  assert.match(capacityText({ ...alone, active: 1 }), /^is active, and only one run is trained at a time/);
});

test("a cluster says how many runs it can train, and how many it does", () => {
  assert.equal(capacityText(cluster), "4 runs can be trained at once: 3 active, none queued.");
  assert.match(
    capacityText({ ...cluster, active: 4, queued: 2 }),
    /4 active, 2 queued. A new run waits in the queue.$/,
  );
});

test("without a worker, a new run waits", () => {
  assert.match(capacityText({ at_once: 0, active: 0, queued: 0 }), /^No worker can be reached now/);
});

test("a run has to wait for a free place, and for those before it", () => {
  assert.deepEqual(
    [alone, { ...alone, active: 1 }, cluster, { ...cluster, active: 4 }, { ...cluster, queued: 1 }].map(mustWait),
    [false, true, false, true, true],
  );
});
