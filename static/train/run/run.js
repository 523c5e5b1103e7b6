/** The page of one run: joins its stream, its story, the figures, the charts, its network and the admin's controls. */

import { addressState } from "../../page/address-state.js";
import { request } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { poll } from "../../page/poll.js";
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
import { followRun } from "./run-stream.js";
import { mountRunView } from "./run-view.js";

const RETRY = 2_000;
// What the stream does not tell: that the images are read, that somebody else resumed or published.
const LOOK_AGAIN = { queued: 2_000, starting: 1_000, stopped: 3_000, failed: 3_000 };
const SELDOM = 30_000;
// What the stream tells to have changed in the run itself.
const CHANGES = ["rate", "pause", "resume", "end"];

const byId = (id) => document.getElementById(id);
const main = byId("main");
const path = `runs/${main.dataset.run}`;
const state = addressState({ step: null, log: false, change: false }, { step: isPlace });
const view = mountRunView(main);
const charts = mountRunCharts(
  { cost: byId("cost-chart"), accuracy: byId("accuracy-chart"), gradient: byId("gradient-chart") },
  state,
);
const changes = mountChanges(main.querySelector(".run-changes"));
const trouble = mountNotice(main.querySelector("[data-part=trouble]"));
const actions = byId("publish-dialog") && mountRunActions(main, { onRun: showAnswer, trouble });
const rate =
  byId("run-rate") &&
  mountRate(byId("run-rate"), { element: main.querySelector("[data-part=rateProblem]"), onRun: showAnswer });

let run = await readRun();
const story = new RunStory(run.steps);
const names = await readNames(run.settings.dataset);
const classes = mountRunClasses(main.querySelector(".run-classes"), names);
let frame = 0;
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

/** Of several answers on their way the one that was asked for last is shown, and none after it. */
async function readNewest() {
  const number = ++asked;
  try {
    const read = await readRun();
    if (number === asked) showRun(read);
  } catch (error) {
    if (error.status !== 404) throw error; // deleted since, which the notice says
  }
}

function onEvent(type, data) {
  isChanged ||= CHANGES.includes(type);
  story.tell(type, data);
  live.tell(type, data);
  if (run.status === "starting" && type === "cost" && data.step > run.step) showRun({ ...run, status: "running" });
  if (type === "epoch") run = { ...run, epoch: data.epoch };
  showStorySoon();
}

/** The answer to a command may come after news of what came of it. */
function showAnswer(next) {
  showRun(next);
  readNewest();
}

function showRun(next) {
  // Resumed and ended again between two looks, it has a tale to tell too.
  const hasMoved = isActive(next) || next.epoch !== run.epoch;
  const isOther = next.status !== run.status;
  run = next;
  view.showRun(run);
  actions?.show(run);
  rate?.show(run);
  showStorySoon();
  if (hasMoved) stream.goOn();
  if (isOther) lookAgain(); // at the pace of its new status
  if (isOther && !isActive(run)) document.dispatchEvent(new CustomEvent("run-ended"));
}

/** A run that is told from its start comes as thousands of events at once: they are shown once a frame. */
function showStorySoon() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    if (isChanged) readNewest();
    isChanged = false;
    const { place } = live;
    view.showStory(run, story);
    charts.show(story, place);
    changes.show(story.changes);
    classes.show(story.epochBy(place ?? Infinity));
    live.show(run, story);
  });
}

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
      if (error.status < 500) throw error; // no run to wait for
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }
}
