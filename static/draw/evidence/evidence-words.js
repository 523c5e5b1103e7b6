/** What is said of the evidence for a digit, in words and sums. */

import { pixelName } from "../../network/parameter-name.js";
import { capitalized, percent, short, whole, withMinus } from "../../page/format.js";

// The sheet that is sent is so many pixels wide.
const SHEET = 280;
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
 * How much the ink spoke for a digit, and how much against it.
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
 * The number that gets the full colour: nearly the largest, lest a single pixel make all others pale.
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
  return isStraight ? "Biases" : "Biases, and the activation’s bend";
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
  return `For ${digit}: ${plain(weighted_input)} less ${plain(weighted_input - score)} is ${plain(score)}.`;
}

/**
 * What one pixel says.
 *
 * @param {number} pixel
 * @param {number} ink in 0..1
 * @param {number} value
 * @param {number} digit
 */
export function pixelWords(pixel, ink, value, digit) {
  const name = capitalized(pixelName(pixel));
  if (ink === 0) return `${name}: no ink, so it says nothing.`;
  if (value === 0) return `${name}: ink ${short(ink)}, says nothing.`;
  return `${name}: ink ${short(ink)}, speaks ${short(Math.abs(value))} ${value > 0 ? "for" : "against"} ${digit}.`;
}

/**
 * The whole picture, for who can't see it.
 *
 * @param {number[]} evidence
 * @param {number} digit
 */
export function summary(evidence, digit) {
  const [most, least] = [Math.max(...evidence), Math.min(...evidence)];
  const at = (value) => `${pixelName(evidence.indexOf(value))}, by ${short(Math.abs(value))}`;
  const told = [];
  if (most > 0) told.push(`speaks most for ${digit} at ${at(most)}`);
  if (least < 0) told.push(`${told.length > 0 ? "" : "speaks "}most against it at ${at(least)}`);
  const what = told.length > 0 ? `Ink ${told.join(", and ")}` : "No ink speaks for it or against it";
  return `28 by 28 pixels. ${what}. Arrow keys read pixel by pixel.`;
}

/**
 * @param {{digit: number, brush: {kind: string, radius: number, digit: number, confidence: number} | null,
 *   most_radius: number}} mind
 */
export function mindWords({ digit, brush, most_radius }) {
  const wide = (radius) => `${whole(2 * radius * SHEET)} pixels wide`;
  if (!brush) {
    const most = `up to ${wide(most_radius)}, of the sheet’s ${SHEET},`;
    return `Nothing small: no dab of ink or eraser ${most} turns it from ${digit}.`;
  }
  const dab = `A dab of ${brush.kind} here, ${wide(brush.radius)} on the sheet’s ${SHEET}`;
  return `${dab}, and it says ${brush.digit} (${percent(brush.confidence)}).`;
}

/**
 * Where a dab is, for who can't see it.
 *
 * @param {{kind: string, x: number, y: number, digit: number} | null} brush
 */
export function brushPlace(brush) {
  if (!brush) return "Your drawing";
  const [across, down] = [brush.x, brush.y].map((share) => `${Math.round(100 * share)}%`);
  const where = `${across} across, ${down} down`;
  return `Your drawing, with a ring where a dab of ${brush.kind} makes it a ${brush.digit}: ${where}`;
}
