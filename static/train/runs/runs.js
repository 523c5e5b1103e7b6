/** The page of all runs: connects the tables and the form, and keeps them up to date. */

import { addressState } from "../../page/address-state.js";
import { request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { mountRunForm } from "../form/run-form.js";
import { mountServedModels } from "../publish/served-models.js";
import { isActive } from "../run-words.js";
import { deleteRuns, mountDeleted } from "./run-deleted.js";
import { CHECKS, DEFAULTS, mountRunTable } from "./run-table.js";
import { mountPicked } from "./run-table-picked.js";

/** @import {Run} from "../types.js" */

const WHILE_ACTIVE = 1_500;
const WHILE_IDLE = 6_000;
const PAGE = 100;

const main = one(document, "#main");
const notice = mountNotice(one(document, "#runs-notice"));
const older = one(document, "#older-runs");
const presets = JSON.parse(one(document, "#run-presets", HTMLScriptElement).text);
const count = one(document, "#run-count");
const bar = one(document, "#run-picked");
/** @type {Map<number, Run>} all runs that were read, so that none is lost between the newest and the older ones */
const known = new Map();
/** @type {Set<number>} deleted here: an answer that was asked for before may still contain them */
const gone = new Set();
let hasOlder = false;

const picked = mountPicked(bar, {
  onDelete,
  onNone: () => table.pickNone(),
});
const table = mountRunTable(
  {
    table: one(document, "#run-table", HTMLTableElement),
    filters: one(document, "#run-filters", HTMLFormElement),
    count,
    empty: one(document, "#no-runs"),
    none: one(document, "#no-runs-found"),
  },
  addressState(DEFAULTS, CHECKS),
  presets,
  { onPick: picked.show },
);
const isAdmin = document.querySelector("#run-form") !== null;
const deleted = isAdmin
  ? mountDeleted(
      { notices: one(document, "#run-deleted"), list: one(document, "#run-deleted-list", HTMLDetailsElement) },
      presets,
      { onRestored, onError: (error) => notice.sayError(error) },
    )
  : null;
const showModels = mountServedModels(
  {
    body: one(document, "#served-models", HTMLTableSectionElement),
    notice: one(document, "#served-models-notice"),
    dialog: isAdmin ? one(document, "#roll-back", HTMLDialogElement) : null,
  },
  () => readAgain(),
);
const runForm = isAdmin
  ? mountRunForm(
      one(document, "#run-form", HTMLFormElement),
      presets,
      {
        problem: one(document, "#run-form-problem"),
        active: one(document, "#active-run"),
        queue: one(document, "#run-queue"),
        start: one(document, "#start", HTMLButtonElement),
      },
      () => readAgain(),
    )
  : null;

function show() {
  bar.hidden = known.size === 0;
  older.hidden = !hasOlder;
  table.show([...known.values()], hasOlder);
}

/** @param {Run[]} runs */
function keep(runs) {
  for (const run of runs) if (!gone.has(run.id)) known.set(run.id, run);
  show();
}

/**
 * Forgets what is missing among the newest runs: another admin deleted it.
 *
 * @param {Run[]} newest
 */
function forgetMissing(newest) {
  const ids = new Set(newest.map(({ id }) => id));
  const oldest = newest.length < PAGE ? 0 : newest[PAGE - 1].id;
  for (const id of known.keys()) if (id >= oldest && !ids.has(id)) known.delete(id);
}

/** @param {number[]} ids */
async function onDelete(ids) {
  notice.say("");
  const { deleted: done, error } = await deleteRuns(ids);
  for (const id of done) {
    known.delete(id);
    gone.add(id);
  }
  if (done.length > 0) deleted?.add(done);
  if (error) notice.sayError(error);
  show();
}

/** @param {Run[]} runs */
function onRestored(runs) {
  notice.say("");
  for (const { id } of runs) gone.delete(id);
  keep(runs);
}

older.addEventListener("click", async () => {
  notice.say("");
  try {
    const runs = await request(`runs?limit=${PAGE}&before=${Math.min(...known.keys())}`);
    hasOlder = runs.length === PAGE;
    keep(runs);
    // The button's focus would be lost.
    if (!hasOlder && !(runs.length > 0 && table.focus(runs[0].id))) count.focus();
  } catch (error) {
    notice.sayError(error);
  }
});

let isFirst = true;
let hasFailed = false;

const readAgain = poll(async () => {
  try {
    const [runs, models, capacity] = await Promise.all([
      request(`runs?limit=${PAGE}`),
      request("models"),
      request("runs/capacity"),
    ]);
    if (isFirst) hasOlder = runs.length === PAGE;
    forgetMissing(runs);
    keep(runs);
    showModels(models);
    runForm?.show(runs, capacity);
    main.classList.remove("is-loading");
    if (hasFailed) notice.say(""); // a notice of something else stays
    hasFailed = false;
    if (isFirst) deleted?.start();
    isFirst = false;
    return runs.some((/** @type {Run} */ run) => isActive(run) || run.place) ? WHILE_ACTIVE : WHILE_IDLE;
  } catch (error) {
    hasFailed = true;
    main.classList.remove("is-loading");
    notice.sayError(error);
    return WHILE_ACTIVE;
  }
});
