/** The lesson on the slope: the cost as one number changes, and a ball that steps down the curve. */

import { parameterOf } from "../../network/parameter-address.js";
import { parameterName } from "../../network/parameter-name.js";
import { mountRule } from "../../network/rule.js";
import { addressState } from "../../page/address-state.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { short, whole } from "../../page/format.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountTone } from "../../page/tone.js";
import { showOnly } from "../only.js";
import { mountPredictions } from "../predict/predictions.js";
import { mountSlopeChart } from "./slope-chart.js";
import { RIDGE } from "./slope-curve.js";
import { mountPicker } from "./slope-picker.js";
import { slopePredictions } from "./slope-predictions.js";
import { isRate, mountRate } from "./slope-rate.js";
import { SITUATIONS } from "./slope-situations.js";
import { MAX_STEPS } from "./slope-source.js";
import { mountSubject } from "./slope-subject.js";
import { mountView } from "./slope-view.js";
import { isAtRest, sentenceAbout, signed } from "./slope-words.js";

// Milliseconds between two steps, slow enough to follow each.
const PACE = 100;
const USUAL_RATE = { parameter: 0.3, drawn: 0.1, twin: 0.03, random: 0.003 };
const LETTER = { parameter: "w", drawn: "x", twin: "t", random: "t" };
const MAX_PLACE = 1000;
const NO_INK = "Draw a digit, or choose an example.";

const stage = part(document, "stage");
const section = part(stage, "slope-section");
/** @param {string} name */
const action = (name) => stage.querySelector(`[data-action=${name}]`);
const [title, words, problem, cost, slope, count] = ["title", "words", "problem", "cost", "slope", "count"].map(
  (name) => part(section, name),
);
const [stepButton, runButton, backButton] = ["step", "run", "back"].map(action);
const announce = mountAnnouncer(part(section, "spoken"), 600);
const tone = mountTone(action("hear"));
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {number} number */
const isNatural = (number) => Number.isInteger(number) && number >= 0;
const state = addressState(
  {
    ...{ curve: "parameter", pick: "3.4.4", about: "many", meant: null, seed: 1, view: "wide", picture: "slopes" },
    ...{ at: null, rate: null, steps: 0 },
  },
  {
    pick: (text) => parameterOf(text) !== null,
    meant: (digit) => digit === null || (isNatural(digit) && digit <= 9),
    seed: (seed) => isNatural(seed) && seed < 2 ** 31,
    at: (value) => value === null || Math.abs(value) <= MAX_PLACE,
    rate: (rate) => rate === null || isRate(rate),
    steps: (steps) => isNatural(steps) && steps <= MAX_STEPS,
  },
);

/** @type {{at: number | null, steps: number} | null} where the ball was before it was held, null when it is not */
let held = null;
/** Whether a curve was requested, so that "Run" may wait for it. */
let isAsked = false;
let timer = 0;
/** @type {import("./slope-view.js").Seen | null} */
let seen = null;

const view = mountView({ onAnswer: show, say });
const chart = mountSlopeChart(part(section, "chart"), {
  onMove(value, isHeld) {
    stop();
    const { at, steps } = state.get();
    held = isHeld ? (held ?? { at, steps }) : null;
    state.set({ at: Math.min(MAX_PLACE, Math.max(-MAX_PLACE, value)), steps: 0 });
    if (!isHeld) show(); // the chart may shrink again
  },
  onCancel() {
    if (!held) return;
    state.set(held);
    held = null;
    show();
  },
});
const rate = mountRate(part(section, "rate"), (learningRate) => {
  stop();
  state.set({ ...fromHere(), rate: learningRate });
});
const rule = mountRule(part(section, "rule-box"));
const picker = mountPicker(part(stage, "picker"), (pick) => {
  stop();
  state.set({ pick, at: undefined, steps: 0 });
});
const subject = mountSubject(part(stage, "subject"), state, show);
const showOutcome = mountPredictions(
  slopePredictions({
    show: showSituation,
    seen: () => seen && { ...seen, rate: rateNow(), isRunning: timer > 0 },
  }),
);

/** The state of a new walk from the ball's place, so that the ball doesn't move when the rate changes. */
function fromHere() {
  if (!seen || state.get().steps === 0) return {};
  return { at: Number(seen.points.at(-1).value.toPrecision(6)), steps: 0 };
}

function rateNow() {
  const { rate: chosen, curve } = state.get();
  return chosen ?? USUAL_RATE[curve];
}

function show() {
  const { curve, pick, about, seed, view: reach, at, steps, picture } = state.get();
  const isAboutDrawing = about === "drawing" && curve !== "drawn";
  const shown = subject.show(isAboutDrawing);
  showOnly(stage, "curve", curve);
  rate.show(rateNow());
  if (curve === "parameter" && (!isAboutDrawing || shown)) picker.show(pick, picture, shown);
  title.textContent = titleOf(curve, pick);
  if (isAboutDrawing && !shown) return showNothing();
  isAsked = true;
  const line = { kind: curve, parameter: parameterOf(pick), seed, about: shown };
  seen = view.look({ line, view: reach, start: at, rate: rateNow(), steps, held: held !== null });
  section.ariaBusy = String(!seen?.isExact);
  if (seen) showSeen();
}

function showNothing() {
  seen = null;
  isAsked = false;
  section.classList.remove("is-before-steps");
  stop();
  view.forget();
  section.ariaBusy = "false";
  words.textContent = NO_INK;
  chart.clear(NO_INK);
  for (const place of [cost, slope, count]) place.textContent = "–";
}

function showSeen() {
  const { curve, pick } = state.get();
  const { points, next, slice, range, span } = seen;
  section.classList.toggle("is-before-steps", points.length === 1);
  const here = points.at(-1);
  const ridge = curve === "drawn" ? RIDGE : null;
  const sentence = sentenceAbout({ points, next, learningRate: rateNow(), span, ridge });
  const figures = `Step ${whole(points.length - 1)}: the cost is ${short(here.cost)}, the slope ${signed(here.slope)}.`;
  const own = curve === "drawn" ? null : slice.here.value;
  chart.show(slice, points, range, own, `${title.textContent}. The ball is at ${signed(here.value)}. ${figures}`);
  const name = curve === "parameter" ? parameterOf(pick) : "The place of the ball";
  rule.show(name, { old: here.value, gradient: here.slope, learningRate: rateNow() }, LETTER[curve]);
  if (held || points.length > 1) tone.play(here.cost, [Math.min(...slice.costs), Math.max(...slice.costs)]);
  cost.textContent = short(Math.max(0, here.cost)); // the made-up curve dips a ten-millionth below 0
  slope.textContent = signed(here.slope);
  count.textContent = whole(points.length - 1);
  words.textContent = sentence;
  announce(`${figures} ${sentence}`);
  showOutcome();
  const isOver = next !== null;
  stepButton.ariaDisabled = String(isOver);
  if (!timer) runButton.ariaDisabled = String(isOver);
}

/**
 * @param {import("./slope-source.js").Kind} curve
 * @param {string} pick
 */
function titleOf(curve, pick) {
  const titles = part(section, "titles", HTMLTemplateElement).content;
  if (curve !== "parameter") return titles.querySelector(`[data-kind=${curve}]`).textContent;
  const name = parameterName(parameterOf(pick));
  return name[0].toUpperCase() + name.slice(1);
}

function step() {
  if (!seen || seen.next !== null) return;
  const { steps } = state.get();
  if (steps < MAX_STEPS) state.set({ steps: steps + 1 });
  else state.set({ ...fromHere(), steps: 1 });
}

function run() {
  if (!isAsked || (seen && seen.next !== null)) return;
  if (state.get().steps >= MAX_STEPS) state.set(fromHere());
  runButton.textContent = "Stop";
  timer = setInterval(runOn, PACE);
}

function runOn() {
  const { steps } = state.get();
  if (!seen || (steps > 0 && !seen.isWhole)) return; // the answer is on its way
  const isThere = steps >= MAX_STEPS || isAtRest(seen.points.at(-1), rateNow(), seen.span);
  if (seen.next !== null || (steps > 0 && isThere)) stop();
  else if (reducedMotion.matches && steps > 0) state.set({ steps: MAX_STEPS });
  else step();
}

/**
 * @param {Partial<Record<string, import("../../page/address-state.js").Value>>} situation
 * @param {number | null} steps taken from there; null: the ball runs
 */
function showSituation(situation, steps) {
  stop();
  state.set({ about: "many", view: "wide", ...situation, steps: steps ?? 0 });
  if (steps === null) run();
}

function stop() {
  clearInterval(timer);
  tone.rest();
  timer = 0;
  runButton.textContent = "Run";
  runButton.ariaDisabled = String(!seen || seen.next !== null);
  showOutcome();
}

/** @param {string} sentence */
function say(sentence) {
  sayProblem(problem, sentence);
  if (sentence !== "") stop();
}

stepButton.addEventListener("click", () => {
  stop();
  step();
});
runButton.addEventListener("click", () => (timer ? stop() : run()));
backButton.addEventListener("click", () => {
  stop();
  state.set({ at: undefined, steps: 0 });
});
action("another").addEventListener("click", () => {
  stop();
  state.set({ seed: state.get().seed + 1, at: undefined, steps: 0 });
});
for (const button of stage.querySelectorAll("[data-situation]")) {
  button.addEventListener("click", () => showSituation(SITUATIONS[button.getAttribute("data-situation")], null));
}

// Before the form is bound, since the place and the rate have no meaning on another curve.
stage.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.name) return;
  stop();
  if (target.name === "curve") state.set({ curve: target.value, at: undefined, rate: undefined, steps: 0 });
});
state.bind(stage);
state.onChange(show);
show();
