/** The buttons, the slider and the watch with which a descent is played. */

import { duration, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { lengthFor } from "./descent-state.js";

/**
 * @typedef {object} Played
 * @property {number} step
 * @property {number} length where the slider ends
 * @property {boolean} isEnded whether there can be no more steps
 * @property {boolean} isPlaying
 * @property {boolean} race
 * @property {number} seconds watched so far
 */

/** @param {Element} stage */
export function mountPlayer(stage) {
  const [playButton, stepButton, againButton] = ["play", "step", "again"].map((action) =>
    stage.querySelector(`[data-action=${action}]`),
  );
  const [stepNumber, lengthNumber, watch] = ["step", "length", "watch"].map((name) => part(stage, name));
  const slider = part(stage, "place", HTMLInputElement);

  /** @param {Played} played */
  function show(played) {
    const { step, length, isEnded, isPlaying, seconds } = played;
    playButton.textContent = playWords(played);
    playButton.ariaDisabled = stepButton.ariaDisabled = String(isEnded);
    againButton.ariaDisabled = String(step === 0 && !isPlaying);
    stepNumber.textContent = whole(step);
    lengthNumber.textContent = whole(length);
    slider.max = String(length);
    slider.value = String(step);
    watch.textContent = seconds >= 1 ? duration(seconds) : "";
  }

  return { playButton, stepButton, againButton, slider, show };
}

/** @param {Played} played */
function playWords({ step, length, isEnded, isPlaying, race }) {
  if (isPlaying) return "Pause";
  if (isEnded) return "Ended";
  if (step === 0) return race ? "Start the race" : "Start";
  return step >= length ? `Continue to step ${whole(lengthFor(step + 1))}` : "Resume";
}
