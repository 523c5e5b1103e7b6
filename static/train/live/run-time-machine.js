/**
 * The time machine: a slider over the steps after which the network was recorded, with "now" at its right end, which
 * follows a run that is under way. The step is in the address, where no step means now.
 */

import { whole } from "../../page/format.js";

// Milliseconds for which each recorded network is shown while it plays; for whoever wants no motion, long ones.
const SHOWN = 150;
const SHOWN_STILL = 1_200;

/** @param {any} step of the address */
export const isPlace = (step) => step === null || (Number.isInteger(step) && step >= 0);

/**
 * @param {HTMLElement} section
 * @param {import("../../page/address-state.js").AddressState} state with `step`
 * @param {(place: import("./run-time-frames.js").Place, isSettled: boolean) => void} onPlace
 */
export function mountTimeMachine(section, state, onPlace) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const slider = section.querySelector("input");
  const [words, playButton, nowButton, none] = ["words", "play", "now", "none"].map(part);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {number[]} rising */
  let steps = [];
  let describe = (place) => String(place);
  let isPlaying = false;
  let isChoosing = false;
  let timer = 0;
  /** What the address asks for may not have been recorded, or not yet been told. */
  const place = () => placeOf(state.get().step, steps);

  function show() {
    const at = place();
    slider.max = String(steps.length);
    slider.value = String(at === "now" ? steps.length : steps.indexOf(at));
    slider.disabled = steps.length === 0;
    playButton.disabled = steps.length === 0;
    nowButton.ariaPressed = String(at === "now");
    playButton.textContent = isPlaying ? "Hold" : "Play";
    const text = describe(at);
    if (words.textContent === text) return;
    slider.setAttribute("aria-valuetext", text);
    words.textContent = text;
  }

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

  function hold() {
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
    hold();
    go(Number(slider.value), false);
  });
  playButton.addEventListener("click", () => (isPlaying ? hold() : play()));
  nowButton.addEventListener("click", () => {
    hold();
    go(steps.length, true);
  });
  document.addEventListener("visibilitychange", () => document.hidden && hold());
  state.onChange((now, before) => {
    if (isChoosing || placeOf(now.step, steps) === placeOf(before.step, steps)) return;
    show();
    onPlace(place(), true);
  });

  return {
    /** What is looked at. */
    get place() {
      return place();
    },
    /**
     * More steps after which the network was recorded.
     *
     * @param {number[]} more
     */
    add(more) {
      const before = place();
      steps = [...new Set([...steps, ...more])].sort((a, b) => a - b);
      show();
      if (place() !== before) onPlace(place(), true);
    },
    /**
     * @param {(place: import("./run-time-frames.js").Place) => string} next how places are told
     * @param {boolean} isEmpty whether nothing was, nor will be, recorded
     */
    tell(next, isEmpty) {
      describe = next;
      none.hidden = !isEmpty;
      for (const element of [words.parentElement, playButton.parentElement]) element.hidden = isEmpty;
      show();
    },
    /** What was asked for is shown: while it plays, the next is due a little later. */
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
    hold,
  };
}

/**
 * The recorded step that is asked for, or the one before it where it was not recorded.
 *
 * @param {number | null} step
 * @param {number[]} steps rising
 * @returns {import("./run-time-frames.js").Place}
 */
export function placeOf(step, steps) {
  if (step === null || steps.length === 0) return "now";
  return steps.findLast((recorded) => recorded <= step) ?? steps[0];
}

/** @param {import("./run-time-frames.js").Place} place @param {number} step where the run is @param {string} when */
export function placeWords(place, step, when) {
  return place === "now" ? `${when}, after step ${whole(step)}` : `after step ${whole(place)}`;
}
