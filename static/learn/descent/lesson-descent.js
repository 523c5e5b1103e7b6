/** The lesson on descent: one network, or two in a race, that learn from random numbers as the reader watches. */

import { mountAnswerView } from "../../network/answer-view.js";
import { mountDescentPictures } from "../../network/descent-pictures.js";
import { addressState } from "../../page/address-state.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { Asker } from "../../page/asker.js";
import { whole } from "../../page/format.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountTone } from "../../page/tone.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { mountPredictions } from "../predict/predictions.js";
import { mountDescentChart } from "./descent-chart.js";
import { Pace } from "./descent-pace.js";
import { mountPlayer } from "./descent-player.js";
import { descentPredictions } from "./descent-predictions.js";
import { restarted, runOf } from "./descent-runs.js";
import { CHECKS, COURSE, DEFAULTS, lengthFor, MAX_LENGTH, PLACE, RACES, VIEW } from "./descent-state.js";
import { mountDescentTable } from "./descent-table.js";
import { hasDiverged, wordsOf } from "./descent-words.js";

const stage = document.querySelector(".descent");
const [problem, words, announcement] = ["descent-problem", "words", "announcement"].map((name) => part(stage, name));
const player = mountPlayer(stage);
const { playButton, stepButton, againButton, slider } = player;
const tone = mountTone(stage.querySelector("[data-action=hear]"));
const still = matchMedia("(prefers-reduced-motion: reduce)");

const state = addressState(DEFAULTS, CHECKS);
const chart = mountDescentChart(document.getElementById("cost"));
const pictures = mountDescentPictures(part(stage, "pictures"));
const table = mountDescentTable(stage.querySelector("table"));
const answerView = mountAnswerView(document.getElementById("answer"), document.getElementById("answer-announcement"));
// Longer than any pause while it plays, so that only the state after the last step is announced.
const announce = mountAnnouncer(announcement, 1_500);

/**
 * @typedef {import("./descent-run.js").DescentRun} DescentRun
 * @typedef {object} Shown
 * @property {import("./descent-run.js").Frame[]} frames
 * @property {DescentRun[]} runs
 * @property {number} pictured the run that has pictures and an answer
 * @property {number[] | null} input
 * @property {number} wanted the step that was asked for; a run that has diverged ends before it
 */

/** @type {DescentRun[]} */
let runs = [];
/** @type {Shown | null} */
let shown = null;
let asked = 0;
/** @type {import("../../sheet/own-drawing.js").Input | null} */
let drawn = null;
/** @type {Pace | null} null when paused */
let pace = null;
let timer = 0;
const watched = { seconds: 0, since: 0 };

const asker = new Asker(fetchFrames, (outcome) => {
  if (outcome.kind === "answered") {
    say("");
    arrive(outcome.answer);
  } else if (outcome.kind === "refused") {
    pause();
    asked = state.get().step;
    say(outcome.detail);
  } else say(lostWords());
});

/**
 * @param {{runs: DescentRun[], step: number, input: number[] | null, pictured: number}} question
 * @param {AbortSignal} signal
 * @returns {Promise<Shown>}
 */
async function fetchFrames({ runs: asking, step, input: about, pictured }, signal) {
  const frames = await Promise.all(
    asking.map((run, i) => {
      const isPictured = i === pictured;
      const onProgress = () => signal.aborted || showProgress(step);
      return run.frameAt(step, { input: isPictured ? about : null, pictures: isPictured, signal, onProgress });
    }),
  );
  return { frames, runs: asking, pictured, input: about, wanted: step };
}

/** @param {boolean} [isSettled] false while the slider moves or a stroke is under way */
function ask(step = state.get().step, isSettled = true) {
  asked = step;
  asker.ask({ runs, step, input: inputNow(), pictured: runs.length > 1 && state.get().of === "b" ? 1 : 0 }, isSettled);
}

function inputNow() {
  return drawn?.input ?? null;
}

/** @param {Shown} answer */
function arrive(answer) {
  shown = answer;
  // The slider may have moved on meanwhile, and stays where it is.
  if (answer.wanted === asked) {
    asked = Math.max(...answer.frames.map(({ step }) => step));
    state.set({ step: asked });
  }
  show();
  if (asked > 0) tone.play(answer.frames[0].cost);
  if (!pace) return;
  if (isOver() || asked >= length()) pause();
  else timer = setTimeout(advance, pace.pause(performance.now()));
}

function play() {
  if (!lengthen()) return;
  pace = new Pace(state.get().speed, still.matches);
  watched.since = performance.now();
  showPlayer();
  advance();
}

function advance() {
  ask(Math.min(length(), state.get().step + pace.due(performance.now())));
}

/** Stops here: an answer that is still on its way is dropped. */
function pause() {
  clearTimeout(timer);
  tone.rest();
  if (!pace) return;
  watched.seconds = secondsWatched();
  pace = null;
  asker.forget();
  asked = state.get().step;
  say("");
  showPlayer();
  if (shown?.runs === runs && shown.input !== inputNow()) ask();
  showOutcome();
}

function takeStep() {
  pause();
  if (lengthen()) ask(state.get().step + 1);
}

/** Starts again from the same random numbers. */
function playAgain() {
  pause();
  for (const run of runs) restarted(run);
  runs = currentRuns();
  watched.seconds = 0;
  state.set({ ...PLACE });
  play();
}

/** @param {import("../../page/address-state.js").Values} changes of the state */
function playWith(changes) {
  state.set(changes);
  playAgain();
}

/** Makes room for more steps. Returns false when there can be no more. */
function lengthen() {
  const { step } = state.get();
  if (isOver() || step >= MAX_LENGTH) return false;
  if (step >= length()) state.set({ to: lengthFor(step + 1) });
  return true;
}

function length() {
  const { step, to } = state.get();
  return lengthFor(Math.max(step, to));
}

/** Whether all runs have diverged. */
function isOver() {
  return shown?.runs === runs && runs.every((run, i) => hasDiverged(run, shown.frames[i]));
}

function currentRuns() {
  const { rate, batch, seed, race, rateB, batchB, seedB } = state.get();
  const run = runOf({ rate, batch, seed });
  return race ? [run, runOf({ rate: rateB, batch: batchB, seed: seedB ?? seed })] : [run];
}

function show() {
  const { axis, log, view } = state.get();
  showPlayer();
  if (shown?.runs !== runs) return;
  const { frames, pictured } = shown;
  const here = runs.length > 1 ? axis : "steps";
  chart.show(runs, frames, { axis: here, isLog: log, length: length() });
  table.show(runs, frames);
  pictures.show(frames[pictured], runs[pictured].start, view === "change");
  showAnswer(frames[pictured].probabilities, shown.input);
  words.textContent = wordsOf(runs, frames, here);
  announce(words.textContent);
  showOutcome();
}

/**
 * @param {number[] | null} probabilities
 * @param {number[]} about
 */
function showAnswer(probabilities, about) {
  if (!probabilities) return answerView.blank();
  const confidence = Math.max(...probabilities);
  answerView.answered({ probabilities, confidence, digit: probabilities.indexOf(confidence), input: about });
}

function showPlayer() {
  const { step, race } = state.get();
  const isEnded = isOver() || step >= MAX_LENGTH;
  stage.classList.toggle("is-race", race);
  player.show({ step, length: length(), isEnded, isPlaying: pace !== null, race, seconds: secondsWatched() });
}

/** @param {number} step */
function showProgress(step) {
  if (pace) return;
  const taken = Math.min(...runs.map((run) => run.end ?? run.costs.length));
  words.textContent = `Computing: step ${whole(Math.min(taken, step))} of ${whole(step)}.`;
}

function secondsWatched() {
  return watched.seconds + (pace ? (performance.now() - watched.since) / 1000 : 0);
}

/** @param {string} sentence */
function say(sentence) {
  sayProblem(problem, sentence, words); // in place of the words, so that nothing moves
}

function lostWords() {
  if (shown?.runs !== runs) table.clear();
  const hope = pace
    ? `The descent waits at step ${whole(state.get().step)} and resumes by itself.`
    : "The page keeps trying.";
  return `The server can't be reached just now. ${hope}`;
}

state.onChange((now, before) => {
  /** @param {object} keys */
  const isOther = (keys) => Object.keys(keys).some((key) => now[key] !== before[key]);
  if (isOther(COURSE)) {
    pause();
    runs = currentRuns();
    watched.seconds = 0;
    // A control changes the settings only, and the descent starts again. An address also has the step.
    if (now.step !== 0 && now.step === before.step) return state.set({ ...PLACE });
    return ask();
  }
  if (now.step !== before.step && now.step !== asked) ask(now.step, !isSliding);
  else if (now.of !== before.of) ask();
  else if (isOther(VIEW) || now.to !== before.to) show();
  if (now.speed !== before.speed && pace) pace = new Pace(now.speed, still.matches);
});

let isSliding = false;
slider.addEventListener("input", () => {
  pause();
  isSliding = true;
  state.set({ step: Math.min(Number(slider.value || 0), Math.max(...runs.map((run) => run.costs.length))) });
  isSliding = false;
  showPlayer();
});
playButton.addEventListener("click", () => (pace ? pause() : play()));
stepButton.addEventListener("click", takeStep);
againButton.addEventListener("click", () => againButton.ariaDisabled === "true" || playAgain());
stage.addEventListener("click", ({ target }) => {
  const race = target instanceof Element && RACES[target.closest("[data-preset]")?.getAttribute("data-preset")];
  if (race) playWith(race);
});
document.addEventListener("visibilitychange", () => document.hidden && pause());
addEventListener("online", () => asker.retry());

state.bind(stage);
runs = currentRuns();
mountOwnDrawing(document.getElementById("own-drawing"), state, (answer) => {
  drawn = answer;
  if (!pace) ask(asked, false); // the step that is on its way is still taken
});
const showOutcome = mountPredictions(
  descentPredictions({
    set(changes) {
      pause();
      state.set(changes);
    },
    play: playWith,
    seen: () => (pace || shown?.runs !== runs ? null : shown),
    drawn: () => drawn && { input: drawn.input, digit: drawn.meant ?? drawn.digit },
    sheet: document.getElementById("own-drawing"),
  }),
);
showPlayer();
ask();
