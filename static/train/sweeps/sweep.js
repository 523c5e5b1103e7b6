/** The page of one sweep: joins its progress, the chart, the table and the admin's buttons, and keeps them up to date. */

import { mountParallelCoordinates } from "../../charts/parallel-coordinates.js";
import { post, request } from "../../page/api.js";
import { accuracy, duration } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
import { axesOf } from "./sweep-axes.js";
import { mountSweepTable } from "./sweep-table.js";
import {
  canGoOn,
  countsText,
  isUnderWay,
  planText,
  runText,
  secondsLeft,
  settingsText,
  shareDone,
} from "./sweep-words.js";

const WHILE_UNDER_WAY = 1_500;
const WHILE_AT_REST = 6_000;

const main = document.getElementById("main");
const id = main.dataset.sweep;
const part = (name) => main.querySelector(`[data-part=${name}]`);
const trouble = mountNotice(part("trouble"));
const least = document.getElementById("least-accuracy");
const chart = mountParallelCoordinates(document.getElementById("sweep-chart"), {
  onPoint: (run) => table?.point(run),
  onChoose: (run) => location.assign(`runs/${run}`),
});
/** @type {ReturnType<typeof mountSweepTable> | null} made once the settings are known */
let table = null;
let sweep = null;
let busy = false;

function text(name, value) {
  const element = part(name);
  // A live region speaks whenever its text is set, also to what it was.
  if (element.textContent !== value) element.textContent = value;
}

function show(next) {
  sweep = next;
  table ??= mountSweepTable(document.getElementById("sweep-table"), sweep.fields, {
    onPoint: chart.point,
    onSort: showRuns,
  });
  text("status", sweep.status);
  part("status").dataset.status = sweep.status;
  text("plan", planText(sweep));
  text("counts", countsText(sweep));
  part("progress").value = shareDone(sweep);
  const seconds = isUnderWay(sweep) ? secondsLeft(sweep) : null;
  text("timeLeft", seconds === null ? "" : `about ${duration(seconds)} left`);
  const { best } = sweep;
  if (best) {
    const sofar = sweep.status === "finished" ? "Best" : "Best so far";
    text("bestText", `${sofar}: ${accuracy(best.accuracy)} of the images held out, by`);
    text("bestSettings", `with ${settingsText(best)}`);
    text("bestLink", `run ${best.id}`);
    part("bestLink").href = `runs/${best.id}`;
  }
  part("bestLink").hidden = !best;
  if (part("stop")) {
    showButton("stop", isUnderWay(sweep));
    part("stop").disabled = sweep.status === "stopping";
    showButton("resume", canGoOn(sweep));
  }
  showRuns();
}

/** A button that goes takes the focus along to the other one. */
function showButton(name, isShown) {
  const hadFocus = document.activeElement === part(name);
  part(name).hidden = !isShown;
  if (hadFocus && !isShown) part("status").focus();
}

function showRuns() {
  const known = sweep.runs.filter((run) => run.accuracy !== null).sort((a, b) => a.accuracy - b.accuracy);
  const bound = boundOf(known);
  const isFaint = (run) => bound !== null && (run.accuracy === null || run.accuracy < bound);
  const inOrder = table.show(sweep.runs, sweep.best?.id ?? null, isFaint);
  const axes = axesOf(sweep);
  const lines = inOrder.map((run) => ({
    id: run.id,
    places: axes.map(({ at }) => at(run)),
    share: run.accuracy === null ? null : known.length < 2 ? 1 : known.indexOf(run) / (known.length - 1),
    isFaint: isFaint(run),
    text: runText(run),
  }));
  const summary =
    `Parallel coordinates of ${sweep.runs.length} runs over ${axes.map(({ name }) => name).join(", ")}. ` +
    (sweep.best ? `The best so far is ${runText(sweep.best)} ` : "") +
    "The table below has the same numbers.";
  chart.show({ axes, lines }, summary);
}

/** The accuracy at the place of the slider; null at its foot, where all runs are shown. */
function boundOf(known) {
  const share = Number(least.value);
  const bound =
    known.length < 2 || share === 0 ? null : known[0].accuracy + share * (known.at(-1).accuracy - known[0].accuracy);
  least.disabled = known.length < 2;
  const words = bound === null ? "any" : accuracy(bound);
  document.getElementById("least-accuracy-text").textContent = words;
  least.setAttribute("aria-valuetext", words);
  return bound;
}

least.addEventListener("input", showRuns);

for (const command of ["stop", "resume"]) {
  part(command)?.addEventListener("click", async () => {
    if (busy) return; // a second click would ask for what is already on its way
    busy = true;
    trouble.say("");
    try {
      show(await post(`admin/sweeps/${id}/${command}`));
      readAgain();
    } catch (error) {
      trouble.sayError(error);
    }
    busy = false;
  });
}

let hasFailed = false;
const readAgain = poll(async () => {
  try {
    show(await request(`sweeps/${id}`));
    if (hasFailed) trouble.say("");
    hasFailed = false;
  } catch (error) {
    hasFailed = true;
    trouble.sayError(error);
  }
  return sweep && !isUnderWay(sweep) ? WHILE_AT_REST : WHILE_UNDER_WAY;
});
