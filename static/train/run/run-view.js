/** Shows a run in words and figures: its status, progress, latest numbers, settings, and the table of epochs. */

import { one } from "../../page/elements.js";
import { accuracy, duration, short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { figureText } from "../figures.js";
import { isActive, secondsTaken, statusText } from "../run-words.js";
import { STALLED } from "./run-stalled.js";

/**
 * @import {Figure} from "../figures.js"
 * @import {Epoch, RunStory} from "../run-story.js"
 * @import {Run, Settings} from "../types.js"
 */

/**
 * @param {HTMLElement} main the page's <main>, whose parts are marked with `data-part`
 * @param {Figure[]} figures
 */
export function mountRunView(main, figures) {
  const epochRows = one(main, "#epochs");
  let settingsShown = false;
  let hasStalled = false;

  /**
   * @param {string} name
   * @param {string} value
   */
  function text(name, value) {
    setText(part(main, name), value);
  }

  /** @param {Run} run */
  function showRun(run) {
    showStatus(run);
    part(main, "status").dataset.status = run.status;
    text("reason", run.reason ?? "");
    part(main, "reason").hidden = !run.reason;
    text("testAccuracy", accuracy(run.test_accuracy));
    showSweep(run);
    if (!settingsShown) showSettings(run.settings);
    settingsShown = true;
  }

  /** In one place: a status that changes back and forth would be spoken each time. @param {Run} run */
  function showStatus(run) {
    text("status", run.status === "running" && hasStalled ? "running, but not learning" : statusText(run));
  }

  /** @param {Run} run */
  function showSweep({ sweep_id: sweep, status }) {
    part(main, "sweep").hidden = sweep === null;
    if (sweep === null) return;
    text("sweepWords", status === "queued" ? "It is waiting in" : "It is a run of");
    text("sweepLink", `sweep ${sweep}`);
    part(main, "sweepLink", HTMLAnchorElement).href = `sweeps/${sweep}`;
  }

  /** @param {Settings} settings */
  function showSettings(settings) {
    const rows = {
      Preset: settings.preset ?? "none",
      "Hidden layers": settings.hidden.join(", ") || "none",
      Activation: settings.activation,
      Cost: settings.cost,
      Optimizer: settings.optimizer,
      "Learning rate": `${settings.learning_rate}${settings.decay ? ", falling" : ""}`,
      "Batch size": settings.batch_size === null ? "all images: full batch" : whole(settings.batch_size),
      Augmentation: settings.augmentation,
      Teacher: settings.teacher ?? "none: the labels",
      Images: settings.styles ? `${settings.dataset}, and ${whole(settings.styles)} in other styles` : settings.dataset,
      ...(settings.also === null ? {} : { "Also learns from": settings.also }),
      ...(settings.measured_on === null ? {} : { "Measured on": settings.measured_on }),
      Epochs: whole(settings.epochs),
      ...(settings.last_step === null ? {} : { "Last step": whole(settings.last_step) }),
      ...(settings.rates.length === 0 ? {} : { "Other learning rates": ratesText(settings.rates) }),
      Seed: String(settings.seed),
      Tolerance: settings.tolerance === 0 ? "0 (never)" : String(settings.tolerance),
      Pace: settings.pace === 0 ? "full speed" : `${settings.pace} s an epoch`,
    };
    const list = one(main, "#settings");
    for (const [name, value] of Object.entries(rows)) list.append(copyOf("setting-row", { name, value }).element);
  }

  /**
   * @param {Run} run
   * @param {RunStory} story
   */
  function showStory(run, story) {
    const latest = story.epochs.at(-1);
    for (const figure of figures) if (figure.summary) text(figure.key, figureText(figure, latest?.[figure.key]));

    const share = run.status === "finished" ? 1 : story.share;
    part(main, "progress", HTMLProgressElement).value = share;
    const done = `${Math.floor(share * 100)}%`;
    const epochs = `epoch ${whole(story.epoch)} of ${whole(run.settings.epochs)}`;
    text("progressText", `${done} · ${epochs} · step ${whole(story.step)} of ${whole(run.steps)}`);
    text("timeLeft", isActive(run) || run.status === "queued" ? timeLeft(run, story) : timeTaken(run));
    showEpochs(story.epochs);
  }

  /** @param {Epoch[]} epochs */
  function showEpochs(epochs) {
    while (epochRows.childElementCount > epochs.length) epochRows.lastElementChild?.remove();
    for (const epoch of epochs.slice(epochRows.childElementCount)) {
      const columns = figures.filter(({ column }) => column);
      const texts = columns.map((figure) => [figure.key, figureText(figure, epoch[figure.key])]);
      epochRows.append(copyOf("epoch-row", { epoch: String(epoch.epoch), ...Object.fromEntries(texts) }).element);
    }
  }

  return {
    showRun,
    showStory,
    /**
     * @param {Run} run
     * @param {boolean} isStalled
     */
    showStalled(run, isStalled) {
      text("stalled", isStalled ? STALLED : "");
      part(main, "stalled").hidden = !isStalled;
      hasStalled = isStalled;
      showStatus(run);
    },
    /** @param {boolean} connected */
    showConnection(connected) {
      part(main, "connection").hidden = connected;
    },
  };
}

/**
 * @param {Run} run
 * @param {RunStory} story
 */
function timeLeft(run, story) {
  if (run.status === "queued") return "waiting";
  if (run.status === "starting") return "reading the images";
  if (run.status === "stopping") return "stopping after this step";
  const seconds = story.secondsLeft;
  const left = seconds === null ? "" : `about ${duration(seconds)} left`;
  if (run.status === "paused") return left && `${left} once it is resumed`;
  return left;
}

/** @param {[number, number][]} rates */
function ratesText(rates) {
  return rates.map(([step, rate]) => `${short(rate)} from step ${whole(step)}`).join(", ");
}

/** @param {Run} run */
function timeTaken(run) {
  const seconds = secondsTaken(run);
  return seconds === null ? "" : `took ${duration(seconds)}`;
}
