/** Compared runs in words: their settings and their results, row by row. */

import { accuracy, duration, short, whole } from "../../page/format.js";
import { datasetTitle } from "../run-words.js";
import { fieldLabel, valueText } from "../sweeps/sweep-words.js";
import { clockOf } from "./compare-lines.js";

/**
 * @import {RunStory} from "../run-story.js"
 * @import {Run, Setting} from "../types.js"
 * @import {Shown} from "./compare-lines.js"
 * @typedef {{run: Run, story: RunStory}} Compared
 * @typedef {{name: string, texts: string[], differs: boolean, best: number | null}} Row a text for each run; `best` is
 *   the index of the best run, null where there is none
 */

/** @type {Record<string, string>} */
const LABELS = {
  preset: "Preset",
  tolerance: "Tolerance",
  pace: "Pace, seconds an epoch",
  styles: "Styles",
  centred: "Centred images",
  temperature: "Temperature",
  teacher: "Teacher",
  dataset: "Images",
  data_sha256: "Hash of the images",
  also: "Also learns from",
  measured_on: "Measured on",
  collection_sha256: "Hash of the room’s images",
  rates: "Other learning rates",
  last_step: "Last step",
};
const NONE = "–";

/**
 * "Run 5", or "Quick trial (run 5)".
 *
 * @param {Pick<Run, "id" | "name">} run
 */
export function runName({ id, name }) {
  return name ? `${name} (run ${id})` : `Run ${id}`;
}

/**
 * @param {Compared[]} compared
 * @returns {Row[]} all settings
 */
export function settingRows(compared) {
  const fields = new Set(compared.flatMap(({ run }) => Object.keys(run.settings)));
  const rows = [...fields].map((field) => {
    const texts = compared.map(({ run }) => settingText(field, new Map(Object.entries(run.settings)).get(field)));
    return row(LABELS[field] ?? fieldLabel(field), texts);
  });
  const changes = compared.map(({ story }) => changesText(story));
  return [...rows, row("Changed during the run", changes)];
}

/**
 * @param {Compared[]} compared
 * @returns {Row[]}
 */
export function resultRows(compared) {
  /** @param {string} name @param {(one: Compared) => string} textOf */
  const figure = (name, textOf) => row(name, compared.map(textOf));
  /**
   * @param {string} name
   * @param {"accuracy" | "test_accuracy" | "cost"} key
   * @param {(value: number | null) => string} textOf
   * @param {number} sign of what is better: 1 for a higher value, -1 for a lower one, 0 where values can't be compared
   */
  const ranked = (name, key, textOf, sign) => ({
    ...figure(name, ({ run }) => textOf(run[key])),
    best: sign === 0 ? null : bestOf(compared.map(({ run }) => (run[key] === null ? null : sign * run[key]))),
  });
  const sameImages = isShared(compared, "dataset");
  const measured = compared.map(({ story }) => story.epochs.at(-1)?.measured_accuracy ?? null);
  const measuredRow = {
    ...row("Measured accuracy", measured.map(accuracy)),
    best: isMeasuredAlike(compared) ? bestOf(measured) : null,
  };
  return [
    figure("Status", ({ run }) => run.status),
    ranked("Accuracy, images held out", "accuracy", accuracy, sameImages ? 1 : 0),
    ranked("Accuracy, test images", "test_accuracy", accuracy, sameImages ? 1 : 0),
    ...(measured.some((share) => share !== null) ? [measuredRow] : []),
    ranked("Cost, images held out", "cost", short, sameImages && isShared(compared, "cost") ? -1 : 0),
    figure("Epochs", ({ run }) => `${run.epoch} of ${whole(run.settings.epochs)}`),
    figure("Steps", ({ run }) => whole(run.step)),
    figure("Training time", ({ story }) => {
      const seconds = clockOf(story)(story.step);
      return seconds === null ? NONE : duration(seconds);
    }),
    figure("Parameters", ({ run }) => whole(run.parameters)),
  ];
}

/**
 * Why the lines don't show which run is better; "" when they do.
 *
 * @param {Compared[]} compared
 * @param {Shown} shown
 */
export function cautionWords(compared, shown) {
  if (shown === "measured_accuracy" && isMeasuredAlike(compared)) return "";
  if (!isShared(compared, "dataset"))
    return "These runs learn from different images, some of which are harder than others.";
  const isCost = shown === "cost" || shown === "held-out";
  if (!isCost || isShared(compared, "cost")) return "";
  return "These runs use different costs, which can't be compared. Their accuracies can.";
}

/** Whether the runs are measured on the same images. @param {Compared[]} compared */
function isMeasuredAlike(compared) {
  return isShared(compared, "measured_on") && isShared(compared, "collection_sha256");
}

/**
 * @param {Compared[]} compared
 * @param {"dataset" | "cost" | "measured_on" | "collection_sha256"} field
 */
function isShared(compared, field) {
  return compared.every(({ run }) => run.settings[field] === compared[0].run.settings[field]);
}

/**
 * @param {string} name
 * @param {string[]} texts
 * @returns {Row}
 */
function row(name, texts) {
  return { name, texts, differs: texts.some((text) => text !== texts[0]), best: null };
}

/**
 * @param {string} field
 * @param {Setting | undefined} value
 */
function settingText(field, value) {
  if (value === undefined) return NONE;
  if (field === "rates") {
    const rates = /** @type {[number, number][]} */ (value);
    return rates.map(([step, rate]) => rateText(step, rate)).join(", ") || "none";
  }
  if (value !== null && ["dataset", "also", "measured_on"].includes(field)) return datasetTitle(String(value));
  if (field === "data_sha256" || field === "collection_sha256")
    return value === null ? NONE : String(value).slice(0, 10);
  if (value === null && field !== "batch_size") return "none";
  return valueText(field, value);
}

/** @param {Pick<RunStory, "changes">} story */
function changesText({ changes }) {
  const rates = changes.flatMap(({ step, rate }) => (rate ? [`learning rate ${rateText(step, rate)}`] : []));
  return rates.join(", ") || "nothing";
}

/**
 * @param {number} step
 * @param {number} rate
 */
function rateText(step, rate) {
  return `${short(rate)} from step ${whole(step)}`;
}

/**
 * The index of the highest value; null if two are equally high, or fewer than two are known.
 *
 * @param {(number | null)[]} values
 */
function bestOf(values) {
  const known = values.filter((value) => value !== null);
  const best = Math.max(...known);
  return known.length > 1 && known.filter((value) => value === best).length === 1 ? values.indexOf(best) : null;
}
