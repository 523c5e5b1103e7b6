import assert from "node:assert/strict";
import { test } from "node:test";

import { mountAnnouncer } from "../../../static/page/announcer.js";

test("of a burst of texts only the last is announced, once the burst is over", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const region = { textContent: "" };
  const announce = mountAnnouncer(region, 500);
  for (const text of ["1", "2", "3"]) {
    announce(text);
    t.mock.timers.tick(499);
  }
  assert.equal(region.textContent, "");
  t.mock.timers.tick(1);
  assert.equal(region.textContent, "3");
});
