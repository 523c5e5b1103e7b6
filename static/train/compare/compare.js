/** The page that compares runs: reads them again while one is active, and joins the chart and the table. */

import { addressState } from "../../page/address-state.js";
import { request } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { isActive } from "../run-words.js";
import { mountCompareChart } from "./compare-chart.js";
import { ComparedRun } from "./compare-run.js";
import { mountCompareTable } from "./compare-table.js";
import { cautionWords } from "./compare-words.js";

const WHILE_ACTIVE = 2_000;
const WHILE_IDLE = 15_000;

const byId = (id) => document.getElementById(id);
const path = `runs/compare?runs=${byId("main").dataset.runs}`;
const notice = mountNotice(byId("compare-notice"));
const state = addressState({ show: "cost", x: "steps", log: false, differences: false, without: "" });
state.bind(byId("compare-controls"));
state.bind(byId("compare-table-controls"));
/** @type {ComparedRun[]} */
let compared = [];
/** @type {ReturnType<typeof mountCompareChart>} */
let chart;
/** @type {ReturnType<typeof mountCompareTable>} */
let table;

function mount(runs) {
  compared = runs.map((run) => new ComparedRun(run));
  chart = mountCompareChart({ figure: byId("compare-chart"), legend: byId("compare-legend") }, compared, state);
  table = mountCompareTable(byId("compare-table"), byId("compare-same"), compared);
}

function show() {
  if (compared.length === 0) return;
  const { show: shown, differences } = state.get();
  byId("compare-log").hidden = shown === "accuracy"; // of percents there is no other scale
  byId("compare-caution").textContent = cautionWords(compared, shown);
  chart.show();
  table.show(differences);
}

state.onChange(show);
for (const form of document.querySelectorAll("form"))
  form.addEventListener("submit", (event) => event.preventDefault());

poll(async () => {
  try {
    const runs = await request(path);
    if (compared.length === 0) mount(runs);
    await Promise.all(compared.map((one, i) => one.follow(runs[i])));
    show();
    notice.say("");
    return runs.some(isActive) ? WHILE_ACTIVE : WHILE_IDLE;
  } catch (error) {
    notice.sayError(error);
    return WHILE_ACTIVE;
  }
});
