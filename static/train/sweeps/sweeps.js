/** The sweeps on the page of all runs: the form that plans one, and their list, kept up to date. */

import { request } from "../../page/api.js";
import { accuracy, when } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { copyOf } from "../../page/template.js";
import { mountSweepForm } from "./sweep-form.js";
import { endedRuns, isUnderWay, methodText } from "./sweep-words.js";

const WHILE_UNDER_WAY = 2_000;
const WHILE_AT_REST = 8_000;

const byId = (id) => document.getElementById(id);
const table = byId("sweep-list");
const notice = mountNotice(byId("sweeps-notice"));
const form = byId("sweep-form"); // there only for who has signed in
let shown = "";

if (form) {
  mountSweepForm(form, JSON.parse(byId("sweep-offer").textContent), {
    varied: byId("sweep-varied"),
    add: byId("sweep-add"),
    start: byId("sweep-start"),
    expected: byId("sweep-expected"),
    problem: byId("sweep-problem"),
  });
}

function show(sweeps) {
  table.hidden = sweeps.length === 0;
  byId("no-sweeps").hidden = sweeps.length > 0;
  const rows = sweeps.map((sweep) => ({
    link: `Sweep ${sweep.id}`,
    plan: methodText(sweep.plan),
    status: sweep.status,
    ended: `${endedRuns(sweep)} of ${sweep.total}`,
    accuracy: accuracy(sweep.best?.accuracy ?? null),
    when: when(sweep.created_at),
  }));
  // Rows that say the same are left alone, so that a link keeps its focus and a selection stays.
  if (JSON.stringify(rows) === shown) return;
  shown = JSON.stringify(rows);
  const body = table.tBodies[0];
  const focused = body.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  body.replaceChildren(
    ...rows.map((texts, i) => {
      const { element, part } = copyOf("sweep-list-row", texts);
      part("link").href = `sweeps/${sweeps[i].id}`;
      part("status").dataset.status = sweeps[i].status;
      return element;
    }),
  );
  if (focused) body.querySelector(`[href="${focused}"]`)?.focus();
}

poll(async () => {
  try {
    const sweeps = await request("sweeps");
    show(sweeps);
    notice.say("");
    return sweeps.some(isUnderWay) ? WHILE_UNDER_WAY : WHILE_AT_REST;
  } catch (error) {
    notice.sayError(error);
    return WHILE_UNDER_WAY;
  }
});
