/**
 * The time machine: a slider over the checkpoints of the run, with "now" at its right end, which follows an active run.
 * The step is in the address; without one it is now.
 */

import { one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { part } from "../../page/part.js";

/**
 * @import {AddressState} from "../../page/address-state.js"
 * @import {Place} from "./run-time-frames.js"
 */

// Milliseconds for which each checkpoint is shown while it plays; longer for people who prefer reduced motion.
const SHOWN = 150;
const SHOWN_STILL = 1_200;

/** @param {unknown} step of the address */
export const isPlace = (step) => step === null || (Number.isInteger(step) && Number(step) >= 0);

/**
 * @param {HTMLElement} section
 * @param {AddressState} state with `step`
 * @param {(place: Place, isSettled: boolean) => void} onPlace
 */
export function mountTimeMachine(section, state, onPlace) {
  const slider = one(section, "input", HTMLInputElement);
  const playButton = part(section, "play", HTMLButtonElement);
  const [words, nowButton, none] = ["words", "now", "none"].map((name) => part(section, name));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {number[]} rising */
  let steps = [];
  let describe = (/** @type {Place} */ place) => String(place);
  let isPlaying = false;
  let isChoosing = false;
  let timer = 0;
  const place = () => placeOf(state.get().step, steps);

  function show() {
    const at = place();
    slider.max = String(steps.length);
    slider.value = String(indexNow());
    slider.disabled = steps.length === 0;
    playButton.disabled = steps.length === 0;
    nowButton.ariaPressed = String(at === "now");
    playButton.textContent = isPlaying ? "Pause" : "Play";
    const text = describe(at);
    if (words.textContent === text) return;
    slider.setAttribute("aria-valuetext", text);
    words.textContent = text;
  }

  /**
   * @param {number} index
   * @param {boolean} isSettled
   */
  function go(index, isSettled) {
    isChoosing = true;
    state.set({ step: steps[index] ?? null });
    isChoosing = false;
    show();
    onPlace(place(), isSettled);
  }

  function indexNow() {
    const at = place();
    return at === "now" ? steps.length : steps.indexOf(at);
  }

  function pause() {
    clearTimeout(timer);
    if (!isPlaying) return;
    isPlaying = false;
    show();
  }

  function play() {
    isPlaying = true;
    const from = indexNow();
    go(from >= steps.length ? 0 : from, true);
  }

  slider.addEventListener("input", () => {
    pause();
    go(Number(slider.value), false);
  });
  playButton.addEventListener("click", () => (isPlaying ? pause() : play()));
  nowButton.addEventListener("click", () => {
    pause();
    go(steps.length, true);
  });
  document.addEventListener("visibilitychange", () => document.hidden && pause());
  state.onChange((now, before) => {
    if (isChoosing || placeOf(now.step, steps) === placeOf(before.step, steps)) return;
    show();
    onPlace(place(), true);
  });

  return {
    get place() {
      return place();
    },
    /** @param {number[]} more steps of checkpoints */
    add(more) {
      const before = place();
      steps = [...new Set([...steps, ...more])].sort((a, b) => a - b);
      show();
      if (place() !== before) onPlace(place(), true);
    },
    /**
     * @param {(place: Place) => string} next describes a place
     * @param {boolean} isEmpty whether there are no checkpoints, and never will be
     */
    show(next, isEmpty) {
      describe = next;
      none.hidden = !isEmpty;
      for (const element of [words, playButton]) element.parentElement?.toggleAttribute("hidden", isEmpty);
      show();
    },
    /** The chosen place is shown: while it plays, the next one follows. */
    arrived() {
      if (!isPlaying) return;
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          const next = indexNow() + 1;
          if (next >= steps.length) isPlaying = false;
          go(next, true);
        },
        still.matches ? SHOWN_STILL : SHOWN,
      );
    },
    pause,
  };
}

/**
 * The checkpoint at a step, or the last one before it.
 *
 * @param {number | null} step
 * @param {number[]} steps rising
 * @returns {Place}
 */
export function placeOf(step, steps) {
  if (step === null || steps.length === 0) return "now";
  return steps.filter((recorded) => recorded <= step).at(-1) ?? steps[0];
}

/** @param {Place} place @param {number} step of the run @param {string} when */
export function placeWords(place, step, when) {
  return place === "now" ? `${when}, after step ${whole(step)}` : `after step ${whole(place)}`;
}
