/** The page of all runs: joins the tables and the form, and keeps them up to date. */

import { addressState } from "../../page/address-state.js";
import { request } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { mountRunForm } from "../form/run-form.js";
import { mountServedModels } from "../publish/served-models.js";
import { isActive } from "../run-words.js";
import { deleteRuns, mountDeleted } from "./run-deleted.js";
import { CHECKS, DEFAULTS, mountRunTable } from "./run-table.js";
import { mountPicked } from "./run-table-picked.js";

const WHILE_ACTIVE = 1_500;
const WHILE_IDLE = 6_000;
const PAGE = 100;

const byId = (id) => document.getElementById(id);
const notice = mountNotice(byId("runs-notice"));
const older = byId("older-runs");
/** @type {Map<number, any>} every run that was read, so that none falls between the newest ones and the older ones */
const known = new Map();
/** @type {Set<number>} what was deleted here: an answer that is on its way may still tell of it */
const gone = new Set();
let hasOlder = false;

const picked = mountPicked(byId("run-picked"), {
  onDelete,
  onNone: () => table.pickNone(),
});
const table = mountRunTable(
  {
    table: byId("run-table"),
    filters: byId("run-filters"),
    count: byId("run-count"),
    empty: byId("no-runs"),
    none: byId("no-runs-found"),
  },
  addressState(DEFAULTS, CHECKS),
  { onPick: picked.show },
);
const deleted =
  byId("run-deleted") && // there only for who has signed in
  mountDeleted(byId("run-deleted"), { onRestored, onError: (error) => notice.sayError(error) });
const showModels = mountServedModels(
  { body: byId("served-models"), notice: byId("served-models-notice"), dialog: byId("roll-back") },
  () => readAgain(),
);
const form = byId("run-form"); // there only for who has signed in
const runForm =
  form &&
  mountRunForm(form, JSON.parse(byId("run-presets").textContent), {
    problem: byId("run-form-problem"),
    active: byId("active-run"),
    start: byId("start"),
  });

function show() {
  byId("run-picked").hidden = known.size === 0;
  older.hidden = !hasOlder;
  table.show([...known.values()], hasOlder);
}

function keep(runs) {
  for (const run of runs) if (!gone.has(run.id)) known.set(run.id, run);
  show();
}

/** What is missing between the newest ones was deleted by somebody else. */
function forgetMissing(newest) {
  const ids = new Set(newest.map(({ id }) => id));
  const oldest = newest.length < PAGE ? 0 : newest.at(-1).id;
  for (const id of known.keys()) if (id >= oldest && !ids.has(id)) known.delete(id);
}

async function onDelete(ids) {
  notice.say("");
  const { deleted: done, error } = await deleteRuns(ids);
  for (const id of done) {
    known.delete(id);
    gone.add(id);
  }
  if (done.length > 0) deleted.add(done);
  if (error) notice.sayError(error);
  show();
}

function onRestored(runs) {
  notice.say("");
  for (const { id } of runs) gone.delete(id);
  keep(runs);
}

older.addEventListener("click", async () => {
  try {
    const runs = await request(`runs?limit=${PAGE}&before=${Math.min(...known.keys())}`);
    hasOlder = runs.length === PAGE;
    keep(runs);
    // The button's focus would be lost.
    if (!hasOlder && !(runs.length > 0 && table.focus(runs[0].id))) byId("run-count").focus();
  } catch (error) {
    notice.sayError(error);
  }
});

let isFirst = true;
let hasFailed = false;

const readAgain = poll(async () => {
  try {
    const [runs, models] = await Promise.all([request(`runs?limit=${PAGE}`), request("models")]);
    if (isFirst) hasOlder = runs.length === PAGE;
    forgetMissing(runs);
    keep(runs);
    showModels(models);
    runForm?.show(runs);
    if (hasFailed) notice.say(""); // not what was said of something else
    hasFailed = false;
    if (isFirst) deleted?.focusNew();
    isFirst = false;
    return runs.some(isActive) ? WHILE_ACTIVE : WHILE_IDLE;
  } catch (error) {
    hasFailed = true;
    notice.sayError(error);
    return WHILE_ACTIVE;
  }
});
