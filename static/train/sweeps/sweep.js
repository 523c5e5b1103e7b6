/** The page of one sweep: connects its progress, chart, table and the admin's buttons, and keeps them up to date. */

import { mountParallelCoordinates } from "../../charts/parallel-coordinates.js";
import { post, request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { accuracy, duration } from "../../page/format.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { poll } from "../../page/poll.js";
import { setText } from "../../page/text.js";
import { mountPicked } from "../runs/run-table-picked.js";
import { axesOf } from "./sweep-axes.js";
import { mountSweepTable } from "./sweep-table.js";
import {
  canResume,
  countsText,
  isUnderWay,
  planText,
  runText,
  secondsLeft,
  settingsText,
  shareDone,
} from "./sweep-words.js";

/** @import {Sweep, SweepRun} from "../types.js" */

const WHILE_ACTIVE = 1_500;
const WHILE_IDLE = 6_000;

const main = one(document, "#main");
const id = main.dataset.sweep;
const trouble = mountNotice(part(main, "trouble"));
const slider = one(main, "#least-accuracy", HTMLInputElement);
const bestLink = part(main, "bestLink", HTMLAnchorElement);
/** @type {(HTMLButtonElement | null)[]} only for the admin */
const [stop, resume] = ["stop", "resume"].map((name) => main.querySelector(`[data-part=${name}]`));
const chart = mountParallelCoordinates(one(main, "#sweep-chart"), {
  onPoint: (run) => table?.point(run),
  onChoose: (run) => location.assign(`runs/${run}`),
});
/** @type {ReturnType<typeof mountSweepTable> | null} made once the settings are known */
let table = null;
/** @type {Sweep | null} */
let sweep = null;
let busy = false;
const bar = one(main, "#run-picked");
const picked = mountPicked(bar, { onNone: () => table?.pickNone() });
picked.show(new Set(), []);
bar.hidden = false;

/**
 * @param {string} name
 * @param {string} value
 */
function text(name, value) {
  setText(part(main, name), value);
}

/** @param {Sweep} next */
function show(next) {
  sweep = next;
  text("status", sweep.status);
  part(main, "status").dataset.status = sweep.status;
  text("plan", planText(sweep));
  text("counts", countsText(sweep));
  part(main, "progress", HTMLProgressElement).value = shareDone(sweep);
  const seconds = isUnderWay(sweep) ? secondsLeft(sweep) : null;
  text("timeLeft", seconds === null ? "" : `about ${duration(seconds)} left`);
  const { best } = sweep;
  if (best) {
    const label = sweep.status === "finished" ? "Best" : "Best so far";
    text("bestText", `${label}: ${accuracy(best.accuracy)} of the images held out, by`);
    text("bestSettings", `with ${settingsText(best)}`);
    text("bestLink", `run ${best.id}`);
    bestLink.href = `runs/${best.id}`;
  }
  bestLink.hidden = !best;
  if (stop && resume) {
    showButton(stop, isUnderWay(sweep));
    stop.disabled = sweep.status === "stopping";
    showButton(resume, canResume(sweep));
  }
  showRuns(sweep);
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isShown
 */
function showButton(button, isShown) {
  const hadFocus = document.activeElement === button;
  button.hidden = !isShown;
  if (hadFocus && !isShown) part(main, "status").focus();
}

/** @param {Sweep} sweep */
function showRuns(sweep) {
  table ??= mountSweepTable(one(main, "#sweep-table", HTMLTableElement), sweep.fields, {
    onPoint: chart.point,
    onSort: showAgain,
    onPick: (chosen) => picked.show(chosen, [...chosen]),
  });
  const accuracies = sweep.runs
    .map((run) => run.accuracy)
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const bound = boundOf(accuracies);
  const isFaint = (/** @type {SweepRun} */ run) => bound !== null && (run.accuracy === null || run.accuracy < bound);
  const inOrder = table.show(sweep.runs, sweep.best?.id ?? null, isFaint);
  const axes = axesOf(sweep);
  const lines = inOrder.map((run) => ({
    id: run.id,
    places: axes.map(({ at }) => at(run)),
    share: run.accuracy === null ? null : shareOf(run.accuracy, accuracies),
    isFaint: isFaint(run),
    text: runText(run),
  }));
  const summary =
    `Parallel coordinates of ${sweep.runs.length} runs over ${axes.map(({ name }) => name).join(", ")}. ` +
    (sweep.best ? `The best so far is ${runText(sweep.best)} ` : "") +
    "The table below has the same numbers.";
  chart.show({ axes, lines }, summary);
}

function showAgain() {
  if (sweep) showRuns(sweep);
}

/**
 * The rank of an accuracy among all, in 0..1.
 *
 * @param {number} accuracy
 * @param {number[]} accuracies rising
 */
function shareOf(accuracy, accuracies) {
  return accuracies.length < 2 ? 1 : accuracies.lastIndexOf(accuracy) / (accuracies.length - 1);
}

/**
 * The accuracy that the slider is set to; null at its low end, where all runs are shown.
 *
 * @param {number[]} accuracies rising
 */
function boundOf(accuracies) {
  const share = Number(slider.value);
  const [low, high] = [accuracies[0], accuracies[accuracies.length - 1]];
  slider.disabled = accuracies.length < 2;
  const bound = slider.disabled || share === 0 ? null : low + share * (high - low);
  const words = bound === null ? "any" : accuracy(bound);
  one(main, "#least-accuracy-text").textContent = words;
  slider.setAttribute("aria-valuetext", words);
  return bound;
}

slider.addEventListener("input", showAgain);

for (const [command, button] of Object.entries({ stop, resume })) {
  button?.addEventListener("click", async () => {
    if (busy) return; // the answer to the first click is still on its way
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
  return sweep && !isUnderWay(sweep) ? WHILE_IDLE : WHILE_ACTIVE;
});
