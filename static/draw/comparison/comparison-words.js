/**
 * Which two networks are compared, and what there is to say about them.
 *
 * @typedef {{name: string, version: string, sizes: number[], parameters: number, accuracy: number | null}} Model of
 *   /models
 * @typedef {{digit: number, confidence: number}} Answer
 */

import { percent, whole } from "../../page/format.js";

const FIRST_CHOICES = ["classic", "wide"];
const TEST_IMAGES = 10_000;
// Each parameter is a float32.
const BYTES_EACH = 4;

/**
 * The two to compare, the smaller first: classic and wide where both are served, else the one that answers beside
 * another.
 *
 * @template {Model} M
 * @param {M[]} models
 * @param {string} answering the name of the network that answers
 * @returns {M[]} one when no other is served
 */
export function pairOf(models, answering) {
  const rank = ({ name }) => [...FIRST_CHOICES, answering].indexOf(name) >>> 0; // not among them: last
  return [...models]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 2)
    .sort((a, b) => a.parameters - b.parameters);
}

/**
 * How many of the test images a network gets wrong, null when it was not measured.
 *
 * @param {Model} model
 */
export function wrongOf({ accuracy }) {
  return accuracy === null ? null : Math.round((1 - accuracy) * TEST_IMAGES);
}

/**
 * What the two say of one drawing.
 *
 * @param {Model[]} pair
 * @param {Answer[]} answers
 * @param {number} sureFrom the confidence from which on a network is sure
 */
export function verdict([one, other], [first, second], sureFrom) {
  if (first.digit !== second.digit) {
    const says = ({ name }, { digit, confidence }) => `“${name}” says ${digit} (${percent(confidence)})`;
    return `They disagree: ${says(one, first)}, ${says(other, second)}.`;
  }
  const both = `Both say ${first.digit}`;
  const [isSure, isOtherSure] = [first, second].map(({ confidence }) => confidence >= sureFrom);
  if (isSure && isOtherSure) return `${both}, and both are sure.`;
  if (!isSure && !isOtherSure) return `${both}, and neither is sure.`;
  return `${both}, but “${isSure ? other.name : one.name}” is not sure.`;
}

/**
 * How many mistakes on the test images the larger one's parameters save.
 *
 * @param {Model[]} pair the smaller first
 */
export function gain([small, large]) {
  const ratio = large.parameters / small.parameters;
  const factor = ratio < 9.5 ? ratio.toFixed(1) : whole(ratio);
  const times = ratio < 1.05 ? "as many parameters" : `${factor} times the parameters`;
  const [few, many] = [wrongOf(large), wrongOf(small)];
  if (few === null || many === null) return `“${large.name}” has ${times}.`;
  const wrong = `“${small.name}” gets ${whole(many)} wrong, “${large.name}” ${whole(few)}`;
  const counts = `Of the ${whole(TEST_IMAGES)} test images ${wrong}`;
  return `${counts}: ${times}, ${few < many ? `${whole(many - few)} fewer mistakes` : "but not fewer mistakes"}.`;
}

/**
 * How much memory a network's parameters need.
 *
 * @param {Model} model
 */
export function memory({ parameters }) {
  const kilobytes = (parameters * BYTES_EACH) / 1000;
  return kilobytes < 1000 ? `${whole(kilobytes)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}
