/** The page that compares runs: connects the chart and the table, and keeps them up to date. */

import { addressState } from "../../page/address-state.js";
import { request } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { readFigures } from "../figures.js";
import { isActive } from "../run-words.js";
import { mountCompareChart } from "./compare-chart.js";
import { ComparedRun } from "./compare-run.js";
import { mountCompareTable } from "./compare-table.js";
import { cautionWords } from "./compare-words.js";

/** @import {Run} from "../types.js" */

const WHILE_ACTIVE = 2_000;
const WHILE_IDLE = 15_000;

const main = one(document, "#main");
const path = `runs/compare?runs=${main.dataset.runs}`;
const notice = mountNotice(one(main, "#compare-notice"));
const figures = readFigures(main);
const state = addressState({ show: "accuracy", x: "epochs", log: false, differences: false, without: "" });
for (const form of all(main, "form")) {
  state.bind(form);
  form.addEventListener("submit", (event) => event.preventDefault());
}
/** @type {ComparedRun[]} */
let compared = [];
/** @type {ReturnType<typeof mountCompareChart> | null} */
let chart = null;
/** @type {ReturnType<typeof mountCompareTable> | null} */
let table = null;

/** @param {Run[]} runs */
function mount(runs) {
  compared = runs.map((run) => new ComparedRun(run));
  chart = mountCompareChart(
    { figure: one(main, "#compare-chart"), legend: one(main, "#compare-legend"), ends: one(main, "#compare-ends") },
    compared,
    state,
    figures,
  );
  table = mountCompareTable(one(main, "#compare-table", HTMLTableElement), one(main, "#compare-same"), compared);
}

function show() {
  if (compared.length === 0) return;
  const { show: shown, differences } = state.get();
  one(main, "#compare-log").hidden = shown === "accuracy"; // percents have a linear scale only
  one(main, "#compare-caution").textContent = cautionWords(compared, shown);
  chart?.show();
  table?.show(differences);
}

state.onChange(show);

poll(async () => {
  try {
    /** @type {Run[]} */
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
