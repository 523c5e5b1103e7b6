/** Compared runs in words: their settings and their results, row by row. */

import { accuracy, duration, short, whole } from "../../page/format.js";
import { fieldLabel, valueText } from "../sweeps/sweep-words.js";
import { clockOf } from "./compare-lines.js";

/**
 * @typedef {{run: any, story: import("../run-story.js").RunStory}} Compared
 * @typedef {{name: string, texts: string[], differs: boolean, best: number | null}} Row a text for each run; `best` is
 *   the place of the one that did best, null where there is none or that means nothing
 */

const LABELS = {
  preset: "Preset",
  tolerance: "Stops below gradient",
  pace: "Pace, seconds an epoch",
  centred: "Centred",
  temperature: "Temperature",
  teacher: "Learns from the answers of",
  dataset: "Images",
  data_sha256: "Hash of the images",
  rates: "Other learning rates",
  last_step: "Stops after step",
};
const NONE = "–";

/** "Run 5", and its name when it has one. */
export function runName({ id, name }) {
  return name ? `${name} (run ${id})` : `Run ${id}`;
}

/**
 * @param {Compared[]} compared
 * @returns {Row[]} every setting that the server tells
 */
export function settingRows(compared) {
  const fields = new Set(compared.flatMap(({ run }) => Object.keys(run.settings)));
  const rows = [...fields].map((field) => {
    const texts = compared.map(({ run }) => settingText(field, run.settings[field]));
    return row(LABELS[field] ?? fieldLabel(field), texts);
  });
  rows.push(
    row(
      "Changed on the way",
      compared.map(({ story }) => changesText(story)),
    ),
  );
  return rows;
}

/**
 * @param {Compared[]} compared
 * @returns {Row[]}
 */
export function resultRows(compared) {
  const figure = (name, valueOf, textOf, isBetter) => {
    const values = compared.map(valueOf);
    return { ...row(name, values.map(textOf)), best: isBetter ? bestOf(values, isBetter) : null };
  };
  const higher = isShared(compared, "dataset") ? (a, b) => a > b : null;
  const lower = higher && isShared(compared, "cost") ? (a, b) => a < b : null;
  return [
    figure("Status", ({ run }) => run.status, String),
    figure("Accuracy, images held out", ({ run }) => run.accuracy, accuracy, higher),
    figure("Accuracy, test images", ({ run }) => run.test_accuracy, accuracy, higher),
    figure("Cost, images held out", ({ run }) => run.cost, short, lower),
    figure("Epochs", ({ run }) => `${run.epoch} of ${whole(run.settings.epochs)}`, String),
    figure("Steps", ({ run }) => run.step, whole),
    figure(
      "Time training",
      ({ story }) => clockOf(story)(story.step),
      (seconds) => (seconds === null ? NONE : duration(seconds)),
    ),
    figure("Numbers to learn", ({ run }) => run.parameters, whole),
  ];
}

/**
 * Why what is shown does not tell which run is better; "" when it does.
 *
 * @param {Compared[]} compared
 * @param {import("./compare-lines.js").Shown} shown
 */
export function cautionWords(compared, shown) {
  if (!isShared(compared, "dataset"))
    return "These runs learn from different images, some of which are harder than others.";
  if (shown === "accuracy" || isShared(compared, "cost")) return "";
  return "These runs measure their cost in different ways, so their costs are not alike. Their accuracies are.";
}

function isShared(compared, field) {
  return compared.every(({ run }) => run.settings[field] === compared[0].run.settings[field]);
}

function row(name, texts) {
  return { name, texts, differs: texts.some((text) => text !== texts[0]), best: null };
}

function settingText(field, value) {
  if (value === undefined) return NONE;
  if (field === "rates")
    return value.length === 0 ? "none" : value.map(([step, rate]) => rateText(step, rate)).join(", ");
  if (field === "data_sha256") return value === null ? NONE : value.slice(0, 10);
  if (value === null && field !== "batch_size") return "none";
  return valueText(field, value);
}

function changesText({ changes }) {
  const rates = changes.filter(({ type }) => type === "rate");
  return rates.length === 0
    ? "nothing"
    : rates.map(({ step, rate }) => `learning rate ${rateText(step, rate)}`).join(", ");
}

function rateText(step, rate) {
  return `${short(rate)} from step ${whole(step)}`;
}

/** The place of the one that is better than all others; where two are, none is. */
function bestOf(values, isBetter) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const best = known.reduce((a, b) => (isBetter(b, a) ? b : a));
  return known.filter((value) => value === best).length === 1 ? values.indexOf(best) : null;
}
