/** The page of all runs: joins the tables and the form, and keeps them up to date. */

import { request, sentenceOf } from "./api.js";
import { poll } from "./poll.js";
import { mountRunForm } from "./run-form.js";
import { mountRunTable } from "./run-table.js";
import { isActive } from "./run-words.js";
import { mountServedModels } from "./served-models.js";

const WHILE_ACTIVE = 1_500;
const WHILE_IDLE = 6_000;
const PAGE = 100;

const byId = (id) => document.getElementById(id);
const notice = byId("runs-notice");
const older = byId("older-runs");
/** @type {Map<number, any>} every run that was read, so that none falls between the newest ones and the older ones */
const known = new Map();

const showRuns = mountRunTable({ table: byId("run-table"), body: byId("runs"), empty: byId("no-runs") });
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

function keep(runs) {
  for (const run of runs) known.set(run.id, run);
  showRuns([...known.values()].sort((a, b) => b.id - a.id));
}

older.addEventListener("click", async () => {
  try {
    const runs = await request(`runs?limit=${PAGE}&before=${Math.min(...known.keys())}`);
    older.hidden = runs.length < PAGE;
    const { rows } = byId("runs");
    const shown = rows.length;
    keep(runs);
    if (older.hidden) rows[Math.min(shown, rows.length - 1)].querySelector("a").focus(); // the button's focus would be lost
  } catch (error) {
    notice.textContent = sentenceOf(error);
    notice.hidden = false;
  }
});

const readAgain = poll(async () => {
  try {
    const [runs, models] = await Promise.all([request(`runs?limit=${PAGE}`), request("models")]);
    if (known.size === 0) older.hidden = runs.length < PAGE;
    keep(runs);
    showModels(models);
    runForm?.show(runs);
    notice.hidden = true;
    return runs.some(isActive) ? WHILE_ACTIVE : WHILE_IDLE;
  } catch (error) {
    notice.textContent = sentenceOf(error);
    notice.hidden = false;
    return WHILE_ACTIVE;
  }
});
