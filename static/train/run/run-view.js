/** Shows a run in words and figures: its status, progress, latest numbers, settings, and the table of epochs. */

import { accuracy, duration, short, whole } from "../../page/format.js";
import { copyOf } from "../../page/template.js";
import { batchText, isActive, sizesText } from "../run-words.js";

/** @param {HTMLElement} main the page's <main>, whose parts are marked with `data-part` */
export function mountRunView(main) {
  const part = (name) => main.querySelector(`[data-part=${name}]`);
  const epochRows = document.querySelector("#epochs");
  let settingsShown = false;

  function text(name, value) {
    const element = part(name);
    // A live region speaks whenever its text is set, also to what it was.
    if (element.textContent !== value) element.textContent = value;
  }

  function notice(name, value) {
    text(name, value);
    part(name).hidden = value === "";
  }

  function showRun(run) {
    const answersAs = run.published_as.length > 0 ? `, answers as ${run.published_as.join(", ")}` : "";
    text("status", `${run.status}${answersAs}`);
    part("status").dataset.status = run.status;
    notice("reason", run.reason ?? "");
    text("testAccuracy", accuracy(run.test_accuracy));
    part("testFigure").hidden = run.test_accuracy === null;
    showSweep(run);
    const { settings } = run;
    text("summary", `${sizesText(settings.hidden)}: ${whole(run.parameters)} numbers to learn, random at the start.`);
    if (!settingsShown) showSettings(settings);
    settingsShown = true;
  }

  function showSweep({ sweep_id: sweep, status }) {
    part("sweep").hidden = sweep === null;
    if (sweep === null) return;
    text("sweepWords", status === "queued" ? "It waits for its turn in" : "It is a run of");
    text("sweepLink", `sweep ${sweep}`);
    part("sweepLink").href = `sweeps/${sweep}`;
  }

  function showSettings(settings) {
    const rows = {
      Preset: settings.preset ?? "none",
      "Hidden layers": settings.hidden.join(", ") || "none",
      Activation: settings.activation,
      Cost: settings.cost,
      Optimizer: settings.optimizer,
      "Learning rate": `${settings.learning_rate}${settings.decay ? ", falling" : ""}`,
      "Each step": batchText(settings),
      Augmentation: settings.augmentation,
      "Learns from": settings.teacher ? `the answers of ${settings.teacher}` : "the labels",
      Images: settings.dataset,
      Epochs: whole(settings.epochs),
      ...(settings.last_step === null ? {} : { "Stops after step": whole(settings.last_step) }),
      ...(settings.rates.length === 0 ? {} : { "Other learning rates": ratesText(settings.rates) }),
      Seed: String(settings.seed),
      "Stops below gradient": settings.tolerance === 0 ? "never" : String(settings.tolerance),
      Pace: settings.pace === 0 ? "full speed" : `${settings.pace} s an epoch`,
    };
    const list = document.querySelector("#settings");
    for (const [name, value] of Object.entries(rows)) list.append(copyOf("setting-row", { name, value }).element);
  }

  /** @param {import("../run-story.js").RunStory} story */
  function showStory(run, story) {
    const latest = story.epochs.at(-1);
    text("accuracy", accuracy(latest?.accuracy ?? null));
    text("cost", short(latest?.cost ?? null));
    text("gradientNorm", short(latest?.gradient_norm ?? null));
    text("imagesPerSecond", latest ? whole(latest.images_per_second) : "–");

    const share = run.status === "finished" ? 1 : story.share;
    part("progress").value = share;
    const done = `${Math.floor(share * 100)}%`;
    const epochs = `epoch ${whole(story.epochs.length)} of ${whole(run.settings.epochs)}`;
    text("progressText", `${done} · ${epochs} · step ${whole(story.step)} of ${whole(run.steps)}`);
    text("timeLeft", isActive(run) || run.status === "queued" ? timeLeft(run, story) : timeTaken(run));
    showEpochs(story.epochs);
  }

  function showEpochs(epochs) {
    while (epochRows.childElementCount > epochs.length) epochRows.lastElementChild.remove();
    for (const epoch of epochs.slice(epochRows.childElementCount)) {
      const texts = {
        epoch: String(epoch.epoch),
        cost: short(epoch.cost),
        accuracy: accuracy(epoch.accuracy),
        gradientNorm: short(epoch.gradient_norm),
        seconds: duration(epoch.seconds),
      };
      epochRows.append(copyOf("epoch-row", texts).element);
    }
  }

  return {
    showRun,
    showStory,
    /** @param {boolean} connected */
    showConnection(connected) {
      part("connection").hidden = connected;
    },
  };
}

function timeLeft(run, story) {
  if (run.status === "queued") return "waits for its turn";
  if (run.status === "starting") return "reading the images";
  if (run.status === "stopping") return "stopping after this step";
  const seconds = story.secondsLeft;
  const left = seconds === null ? "" : `about ${duration(seconds)} left`;
  if (run.status === "paused") return left && `${left} once it goes on`;
  return left;
}

/** @param {[number, number][]} rates */
function ratesText(rates) {
  return rates.map(([step, rate]) => `${short(rate)} from step ${whole(step)}`).join(", ");
}

function timeTaken(run) {
  if (!run.started_at || !run.ended_at) return "";
  return `took ${duration((new Date(run.ended_at) - new Date(run.started_at)) / 1000)}`;
}
