/** The page of one run: joins its stream, its story, the figures, the charts and the admin's buttons. */

import { request } from "./api.js";
import { mountNotice } from "./notice.js";
import { poll } from "./poll.js";
import { mountRunActions } from "./run-actions.js";
import { mountRunCharts } from "./run-charts.js";
import { RunStory } from "./run-story.js";
import { followRun } from "./run-stream.js";
import { mountRunView } from "./run-view.js";
import { isActive } from "./run-words.js";

const RETRY = 2_000;
// What the stream does not tell: that the images are read, that somebody else resumed or published.
const LOOK_AGAIN = { starting: 1_000, stopped: 3_000, failed: 3_000 };
const SELDOM = 30_000;

const byId = (id) => document.getElementById(id);
const main = byId("main");
const path = `runs/${main.dataset.run}`;
const view = mountRunView(main);
const charts = mountRunCharts({
  cost: byId("cost-chart"),
  accuracy: byId("accuracy-chart"),
  logarithmic: byId("logarithmic"),
});
const trouble = mountNotice(main.querySelector("[data-part=trouble]"));
const actions = byId("publish-dialog") && mountRunActions(main, { onRun: showRun, trouble });

let run = await readRun();
const story = new RunStory(run.steps, run.settings.epochs);
let frame = 0;
const stream = followRun(`${path}/events`, { onEvent, onConnection: view.showConnection });
showRun(run);

const lookAgain = poll(async () => {
  if (run.status in LOOK_AGAIN || !isActive(run)) {
    const before = run;
    const read = await readRun();
    if (run === before) showRun(read); // else what was read is older than what is shown
  }
  return LOOK_AGAIN[run.status] ?? SELDOM;
});

function onEvent(type, data) {
  if (type === "end") readRun().then(showRun);
  else {
    story.tell(type, data);
    if (run.status === "starting" && type === "cost" && data.step > run.step) showRun({ ...run, status: "running" });
    if (type === "epoch") run = { ...run, epoch: data.epoch };
  }
  showStorySoon();
}

function showRun(next) {
  // Resumed and ended again between two looks, it has a tale to tell too.
  const hasMoved = isActive(next) || next.epoch !== run.epoch;
  const isOther = next.status !== run.status;
  run = next;
  view.showRun(run);
  actions?.show(run);
  showStorySoon();
  if (hasMoved) stream.goOn();
  if (isOther) lookAgain(); // at the pace of its new status
}

/** A run that is told from its start comes as thousands of events at once: they are shown once a frame. */
function showStorySoon() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    view.showStory(run, story);
    charts.show(story);
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
