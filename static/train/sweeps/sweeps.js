/** The sweeps on the page of all runs: the form that plans one, and the list of all, kept up to date. */

import { request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { accuracy, when } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { poll } from "../../page/poll.js";
import { copyOf } from "../../page/template.js";
import { datasetTitle } from "../run-words.js";
import { replaceRows } from "./replaced-rows.js";
import { mountSweepForm } from "./sweep-form.js";
import { endedRuns, isUnderWay, methodText } from "./sweep-words.js";

/** @import {SweepSummary} from "../types.js" */

const WHILE_ACTIVE = 2_000;
const WHILE_IDLE = 8_000;

const table = one(document, "#sweep-list", HTMLTableElement);
const notice = mountNotice(one(document, "#sweeps-notice"));
/** @type {HTMLFormElement | null} only for the admin */
const form = document.querySelector("#sweep-form");
let shown = "";

if (form) mountSweepForm(form, JSON.parse(one(document, "#sweep-offer", HTMLScriptElement).text));

/** @param {SweepSummary[]} sweeps */
function show(sweeps) {
  table.hidden = sweeps.length === 0;
  one(document, "#no-sweeps").hidden = sweeps.length > 0;
  const rows = sweeps.map((sweep) => ({
    link: `Sweep ${sweep.id}`,
    plan: `${datasetTitle(sweep.plan.base.dataset ?? "mnist")} · ${methodText(sweep.plan)}`,
    status: sweep.status,
    ended: `${endedRuns(sweep)} of ${sweep.total}`,
    accuracy: accuracy(sweep.best?.accuracy ?? null),
    when: when(sweep.created_at),
  }));
  // Unchanged rows are left alone, so that a selection stays.
  if (JSON.stringify(rows) === shown) return;
  shown = JSON.stringify(rows);
  replaceRows(
    table.tBodies[0],
    rows.map((texts, i) => {
      const { element } = copyOf("sweep-list-row", texts);
      part(element, "link", HTMLAnchorElement).href = `sweeps/${sweeps[i].id}`;
      part(element, "status").dataset.status = sweeps[i].status;
      return element;
    }),
  );
}

poll(async () => {
  try {
    /** @type {SweepSummary[]} */
    const sweeps = await request("sweeps");
    show(sweeps);
    notice.say("");
    return sweeps.some(isUnderWay) ? WHILE_ACTIVE : WHILE_IDLE;
  } catch (error) {
    notice.sayError(error);
    return WHILE_ACTIVE;
  }
});
