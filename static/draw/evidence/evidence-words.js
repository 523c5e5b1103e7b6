/** Sentences and sums about the evidence for a digit. */

import { pixelName } from "../../network/parameter-name.js";
import { capitalized, percent, short, whole, withMinus } from "../../page/format.js";
import { SENT_SIDE } from "../../sheet/ink.js";

// The share of pixels that are paler than the darkest colour.
const FULL = 0.95;
const DECIMALS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const PLAIN = new Intl.NumberFormat("en", DECIMALS);
const SIGNED = new Intl.NumberFormat("en", { ...DECIMALS, signDisplay: "exceptZero" });

/**
 * With two decimals, so that sums can be checked by eye: "8.31", "−0.40".
 *
 * @param {number} number
 */
export function plain(number) {
  return withMinus(PLAIN.format(number));
}

/**
 * With its sign: "+8.31", "−0.40".
 *
 * @param {number} number
 */
export function signed(number) {
  return withMinus(SIGNED.format(number));
}

/**
 * How much of the ink counts for a digit, and how much against it.
 *
 * @param {number[]} evidence
 */
export function shares(evidence) {
  let [spokeFor, against] = [0, 0];
  for (const value of evidence) {
    if (value > 0) spokeFor += value;
    else against += value;
  }
  return { for: spokeFor, against };
}

/**
 * The number that gets the darkest colour: nearly the largest, so that one large pixel does not make all others pale.
 *
 * @param {number[][]} evidences
 */
export function fullColour(evidences) {
  const sizes = evidences
    .flat()
    .filter((value) => value !== 0)
    .map(Math.abs)
    .sort((a, b) => a - b);
  return sizes[Math.floor(FULL * (sizes.length - 1))] ?? 0;
}

/**
 * Where activations are made of straight lines, what the ink does not say is what the biases add.
 *
 * @param {boolean} isStraight
 */
export function restTitle(isStraight) {
  return isStraight ? "Biases" : "Biases, and the activation’s curve";
}

/**
 * @param {number} digit that is asked about
 * @param {number} answer
 */
export function title(digit, answer) {
  return digit === answer ? `Why ${digit}?` : `Why not ${digit}?`;
}

/**
 * @param {{digit: number, answer: number, scores: {digit: number, answer: number}, probabilities: number[]}} asked
 */
export function sentence({ digit, answer, scores, probabilities }) {
  const sure = (which) => `${which} (${percent(probabilities[which])})`;
  if (digit === answer) {
    return `No other digit scores as high as ${digit}: ${plain(scores.answer)}. So it says ${sure(digit)}.`;
  }
  const lead = plain(scores.answer - scores.digit);
  return `${answer} scores ${lead} more than ${digit}. So it says ${sure(answer)}, not ${sure(digit)}.`;
}

/**
 * @param {number} digit
 * @param {{weighted_input: number, score: number}} evidence
 */
export function scoreWords(digit, { weighted_input, score }) {
  const mean = plain(weighted_input - score);
  const bracketed = mean.startsWith("−") ? `(${mean})` : mean;
  return `For ${digit}: ${plain(weighted_input)} − ${bracketed} = ${plain(score)}.`;
}

/**
 * What one pixel counts.
 *
 * @param {number} pixel
 * @param {number} ink in 0..1
 * @param {number} value
 * @param {number} digit
 */
export function pixelWords(pixel, ink, value, digit) {
  const name = capitalized(pixelName(pixel));
  if (ink === 0) return `${name}: no ink, so it does not count.`;
  if (value === 0) return `${name}: ink ${short(ink)}, counts 0.`;
  return `${name}: ink ${short(ink)}, counts ${short(Math.abs(value))} ${value > 0 ? "for" : "against"} ${digit}.`;
}

/**
 * The whole picture, for a screen reader.
 *
 * @param {number[]} evidence
 * @param {number} digit
 */
export function summary(evidence, digit) {
  const [most, least] = [Math.max(...evidence), Math.min(...evidence)];
  const at = (value) => `${pixelName(evidence.indexOf(value))}, by ${short(Math.abs(value))}`;
  const places = [];
  if (most > 0) places.push(`most for ${digit} at ${at(most)}`);
  if (least < 0) places.push(`most against it at ${at(least)}`);
  const what = places.length > 0 ? `Ink counts ${places.join(", and ")}` : "No ink counts for it or against it";
  return `28 by 28 pixels. ${what}. Arrow keys read pixel by pixel.`;
}

/**
 * @param {{digit: number, brush: {kind: string, radius: number, digit: number, confidence: number} | null,
 *   most_radius: number}} mind
 */
export function mindWords({ digit, brush, most_radius }) {
  /** @param {number} radius */
  const wide = (radius) => `${whole(2 * radius * SENT_SIDE)} of ${SENT_SIDE} pixels wide`;
  if (!brush) return `No spot of ink or eraser up to ${wide(most_radius)} changes the answer from ${digit}.`;
  const dab = `A spot of ${brush.kind} here, ${wide(brush.radius)},`;
  return `${dab} changes the answer to ${brush.digit} (${percent(brush.confidence)}).`;
}

/**
 * Where a dab is, for a screen reader.
 *
 * @param {{kind: string, x: number, y: number, digit: number} | null} brush
 */
export function brushPlace(brush) {
  if (!brush) return "Your drawing";
  const [across, down] = [brush.x, brush.y].map((share) => `${Math.round(100 * share)}%`);
  const where = `${across} across, ${down} down`;
  return `Your drawing, with a ring where a spot of ${brush.kind} makes it a ${brush.digit}: ${where}`;
}
