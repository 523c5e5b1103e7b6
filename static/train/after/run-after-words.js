/**
 * The results of a run, in words.
 *
 * @import {Mistake} from "../../page/test-images.js"
 * @typedef {{low: number, high: number, images: number, confidence: number | null, accuracy: number | null}} Bin
 * @typedef {{error: number, bins: Bin[]}} Calibration
 * @typedef {Mistake & {number: number, probabilities: number[]}} TestImage
 *
 * @typedef {object} Results of GET /runs/{id}/results
 * @property {string[]} classes
 * @property {string} version
 * @property {number} images
 * @property {number} wrong
 * @property {number} accuracy
 * @property {(number | null)[]} by_class
 * @property {number[][]} confusion images of each class (row) that got each answer (column)
 * @property {Calibration} calibration
 * @property {TestImage[]} mistakes
 */

import { accuracy, percent, whole } from "../../page/format.js";
import { sentenceAbout } from "../../page/test-images.js";

// A smaller difference than this counts as none.
const AS_SURE_AS_RIGHT = 0.005;
const NAMED = 3;

/** @param {string[]} classes */
export function areDigits(classes) {
  return classes.every((name, i) => name === String(i));
}

/**
 * @param {Mistake} image
 * @param {string[]} classes
 */
export function imageWords(image, classes) {
  if (image.label === image.digit) return `${nameOf(classes, image.label)}, ${percent(image.confidence)}`;
  if (areDigits(classes)) return sentenceAbout(image);
  return `${nameOf(classes, image.label)}, taken for ${nameOf(classes, image.digit)}, ${percent(image.confidence)}`;
}

/**
 * @param {TestImage} image
 * @param {string[]} classes
 */
export function likeliestWords({ number, label, probabilities }, classes) {
  const likeliest = probabilities
    .map((share, i) => ({ share, name: nameOf(classes, i) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, NAMED)
    .map(({ share, name }) => `${name} (${percent(share)})`);
  return `Test image ${whole(number)}. It is: ${nameOf(classes, label)}. The network’s answers: ${likeliest.join(", ")}.`;
}

/** @param {Pick<Results, "images" | "wrong" | "accuracy">} results */
export function wrongWords({ images, wrong, accuracy: share }) {
  return `It gets ${whole(wrong)} of the ${whole(images)} test images wrong: ${accuracy(share)} are right.`;
}

/**
 * The pair that is mixed up most often.
 *
 * @param {number[][]} confusion
 * @param {string[]} classes
 */
export function mostConfused(confusion, classes) {
  let most = { label: 0, answer: 0, count: 0 };
  for (const [label, row] of confusion.entries()) {
    for (const [answer, count] of row.entries()) {
      if (label !== answer && count > most.count) most = { label, answer, count };
    }
  }
  if (most.count === 0) return "It makes no mistakes.";
  return `Most often ${nameOf(classes, most.label)} is taken for ${nameOf(classes, most.answer)}: ${times(most.count)}.`;
}

/**
 * @param {{label: number, answer: number, count: number}} cell
 * @param {string[]} classes
 */
export function cellWords({ label, answer, count }, classes) {
  const images = count === 1 ? "1 image" : `${whole(count)} images`;
  if (label === answer) return `${nameOf(classes, label)}, answered right: ${images}`;
  return `${nameOf(classes, label)}, taken for ${nameOf(classes, answer)}: ${images}`;
}

/** @param {Calibration} calibration */
export function calibrationWords({ error, bins }) {
  const filled = bins.filter(({ images }) => images > 0);
  const all = filled.reduce((sum, { images }) => sum + images, 0);
  const mean = (/** @type {"confidence" | "accuracy"} */ name) =>
    filled.reduce((sum, bin) => sum + bin.images * (bin[name] ?? 0), 0) / all;
  const [sure, right] = [mean("confidence"), mean("accuracy")];
  const difference = sure - right;
  const verdict =
    Math.abs(difference) < AS_SURE_AS_RIGHT
      ? "On the whole it is as sure as it is right"
      : `On the whole it is too ${difference > 0 ? "sure" : "unsure"} of itself`;
  return (
    `${verdict}: ${accuracy(sure)} sure on average, and ${accuracy(right)} are right. Bar by bar, confidence and accuracy` +
    ` differ by ${points(error)} on average, weighted by the images: the expected calibration error.`
  );
}

/** @param {Bin} bin */
export function binWords({ low, high, images, confidence, accuracy: right }) {
  const range = `${Math.round(low * 100)} to ${Math.round(high * 100)}% sure`;
  if (images === 0) return `${range}: no image`;
  const count = images === 1 ? "1 image" : `${whole(images)} images`;
  return `${range}: ${count}, on average ${accuracy(confidence)} sure, ${accuracy(right)} right`;
}

/** @param {number} share */
function points(share) {
  return `${(share * 100).toFixed(2)} percentage points`;
}

/** @param {number} count */
function times(count) {
  return count === 1 ? "once" : `${whole(count)} times`;
}

/**
 * The name of an output: there are always ten, even if the data has fewer classes.
 *
 * @param {string[]} classes
 * @param {number} i
 */
export function nameOf(classes, i) {
  return classes[i] ?? `output ${i}`;
}
