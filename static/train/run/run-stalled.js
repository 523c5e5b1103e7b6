/**
 * Whether a run has stopped learning: its gradient stays exactly 0, or its answers stay no better than chance while its
 * cost goes up and down.
 *
 * @import {Epoch} from "../run-story.js"
 */

export const STALLED =
  "This run has stopped learning: try a smaller learning rate, another activation, or another start (the seed).";

const EPOCHS = 5;
// One class may be a little more frequent than the others: of MNIST's digits the 1, with 11%.
const CHANCE = 1.2;
// With fewer right answers than this, there is something left to learn.
const GOOD = 0.9;

/**
 * @param {Pick<Epoch, "cost" | "accuracy" | "gradient_norm">[]} epochs
 * @param {number} classes how many there are
 */
export function isStalled(epochs, classes) {
  const last = epochs.slice(-EPOCHS);
  if (last.length < EPOCHS) return false;
  const isFlat = last.every(({ accuracy, gradient_norm: norm }) => norm === 0 && accuracy < GOOD);
  const isAtChance = last.every(({ accuracy }) => accuracy <= CHANCE / classes);
  // With a small learning rate the cost falls slowly, but in each epoch.
  const isFalling = last.every(({ cost }, i) => i === 0 || cost < last[i - 1].cost);
  return isFlat || (isAtChance && !isFalling);
}
