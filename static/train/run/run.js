/** The page of one run: connects its stream, figures, charts, network and the admin's controls. */

import { addressState } from "../../page/address-state.js";
import { Problem, request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { part } from "../../page/part.js";
import { poll } from "../../page/poll.js";
import { mountTone } from "../../page/tone.js";
import { readFigures } from "../figures.js";
import { mountRunLive } from "../live/run-live.js";
import { mountChanges } from "../live/run-live-changes.js";
import { mountRunClasses } from "../live/run-live-classes.js";
import { readNames } from "../live/run-live-names.js";
import { mountRate } from "../live/run-live-rate.js";
import { isPlace } from "../live/run-time-machine.js";
import { RunStory } from "../run-story.js";
import { isActive } from "../run-words.js";
import { mountRunActions } from "./run-actions.js";
import { mountRunCharts } from "./run-charts.js";
import { isStalled } from "./run-stalled.js";
import { followRun } from "./run-stream.js";
import { mountRunView } from "./run-view.js";

/** @import {Run} from "../types.js" */

const RETRY = 2_000;
// Some changes have no event: the images are read, another admin resumed or published.
/** @type {Partial<Record<Run["status"], number>>} */
const LOOK_AGAIN = { queued: 2_000, starting: 1_000, stopped: 3_000, failed: 3_000 };
const SELDOM = 30_000;
// Events after which the run itself is read again.
const CHANGES = ["rate", "pause", "resume", "end"];

const main = one(document, "#main");
const path = `runs/${main.dataset.run}`;
const state = addressState({ step: null, log: false, change: false }, { step: isPlace });
const figures = readFigures(main);
const view = mountRunView(main, figures);
const charts = mountRunCharts(main, figures, state);
const tone = mountTone(one(main, "[data-action=hear]"));
const changes = mountChanges(one(main, ".run-changes"));
const trouble = mountNotice(part(main, "trouble"));

let run = await readRun();
const isAdmin = main.querySelector("#publish-dialog") !== null;
const actions = isAdmin ? mountRunActions(main, run, { onRun: showAnswer, trouble }) : null;
const rate = isAdmin
  ? mountRate(one(main, "#run-rate", HTMLFormElement), run, { element: part(main, "rateProblem"), onRun: showAnswer })
  : null;
const story = new RunStory(run.steps);
const names = await readNames(run.settings.dataset);
const classes = mountRunClasses(one(main, ".run-classes"), names);
let isFramePlanned = false;
let isChanged = false;
let asked = 0;
const live = mountRunLive(main, { run, names, state, onPlace: showStorySoon });
const stream = followRun(`${path}/events`, { onEvent, onConnection: view.showConnection });
state.onChange((now, before) => now.log !== before.log && showStorySoon());
showRun(run);

const lookAgain = poll(async () => {
  if (run.status in LOOK_AGAIN || !isActive(run)) await readNewest();
  return LOOK_AGAIN[run.status] ?? SELDOM;
});

/** Only the answer to the newest request is shown. */
async function readNewest() {
  const number = ++asked;
  try {
    const read = await readRun();
    if (number === asked) showRun(read);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error; // the notice says that it was deleted
  }
}

/**
 * @param {string} type
 * @param {any} data
 */
function onEvent(type, data) {
  isChanged ||= CHANGES.includes(type);
  story.add(type, data);
  live.onEvent(type, data);
  if (run.status === "starting" && type === "cost" && data.step > run.step) showRun({ ...run, status: "running" });
  if (type === "epoch") run = { ...run, epoch: data.epoch };
  showStorySoon();
}

/**
 * The answer to a command may arrive after events that followed it.
 *
 * @param {Run} next
 */
function showAnswer(next) {
  showRun(next);
  readNewest();
}

/** @param {Run} next */
function showRun(next) {
  // A run that was resumed and ended again between two looks has new events too.
  const hasMoved = isActive(next) || next.epoch !== run.epoch;
  const isOther = next.status !== run.status;
  run = next;
  if (isOther) trouble.say(""); // it was about the status before
  view.showRun(run);
  actions?.show(run);
  rate?.show(run);
  showStorySoon();
  if (hasMoved) stream.goOn();
  if (isOther) lookAgain(); // at the pace of its new status
  if (isOther && !isActive(run)) document.dispatchEvent(new CustomEvent("run-ended"));
}

/** At the start, thousands of events come at once: they are shown once a frame. */
function showStorySoon() {
  if (isFramePlanned) return;
  isFramePlanned = true;
  requestAnimationFrame(() => {
    isFramePlanned = false;
    if (isChanged) readNewest();
    isChanged = false;
    const { place } = live;
    view.showStory(run, story);
    view.showStalled(run, isStalled(story.epochs, names.length));
    const cost = charts.show(story, place);
    if (place !== null || run.status === "running") tone.play(cost);
    else tone.rest();
    changes.show(story.changes);
    classes.show(story.epochBy(place ?? Infinity));
    live.show(run, story);
  });
}

/** @returns {Promise<Run>} */
async function readRun() {
  let hasFailed = false;
  for (;;) {
    try {
      const read = await request(path);
      if (hasFailed) trouble.say("");
      return read;
    } catch (error) {
      hasFailed = true;
      trouble.sayError(error);
      if (error instanceof Problem && error.status < 500) throw error; // no run to wait for
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}
