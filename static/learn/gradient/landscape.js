/** The cost over a plane through the parameters, and descents on it that the reader follows step by step. */

import { mountContourMap } from "../../charts/contour-map.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { post } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { short, whole } from "../../page/format.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountTone } from "../../page/tone.js";
import { fitting, isOffered, needsOtherSurface, questionOf, stopOf, upTo } from "./gradient-question.js";
import { mapSummary, normSummary, placeWords, planeWords, rivalName, rivalWords } from "./gradient-words.js";

// Milliseconds between two points of a walk. With reduced motion it jumps several points at once.
const PACE = 90;
const CALM = { pace: 700, points: 8 };

/**
 * @typedef {import("./gradient-words.js").Point} Point
 * @typedef {import("./gradient-words.js").Surface} Surface
 * @typedef {import("./gradient-question.js").Question} Question
 * @typedef {import("../../charts/line-chart.js").Line} Line
 */

/**
 * @param {Element} section
 * @param {import("../../page/address-state.js").AddressState} state with the DEFAULTS of gradient-question.js
 * @param {() => void} onShow called when the map shows something else
 */
export function mountLandscape(section, state, onShow) {
  const [problem, words, stepNumber, status] = ["problem", "words", "step-number", "status"].map((name) =>
    part(section, name),
  );
  const form = section.querySelector("form");
  const point = part(form, "point", HTMLInputElement);
  const [batch, against] = ["batch", "against"].map((name) => part(form, name, HTMLSelectElement));
  /** @param {string} action */
  const button = (action) => section.querySelector(`[data-action=${action}]`);
  const announce = mountAnnouncer(status, 500);
  const tone = mountTone(button("hear"));
  const map = mountContourMap(document.getElementById("map"), {
    labelX: "distance in the first direction",
    labelY: "distance in the second direction",
    formatCost: short,
  });
  const chart = mountLineChart(document.getElementById("norm"), {
    formatX: whole,
    formatY: short,
    labelX: "step",
    labelY: "norm of the gradient",
    read: ({ x, y }) => `After step ${whole(x)} the norm is ${short(y)}`,
  });
  /** @type {{question: Question, surface: Surface} | null} */
  let found = null;
  let timer = 0;
  /** Whether the surface of the present settings is still on its way, and whether the walk begins when it comes. */
  let [isComing, isDue] = [false, false];

  const asker = new Asker(
    async (question) => ({ question, surface: await post("lessons/surface", question) }),
    (outcome) => {
      say(problemOf(outcome));
      if (outcome.kind !== "answered") return;
      found = outcome.answer;
      isComing = false;
      show();
      if (isDue) start();
    },
  );

  function ask() {
    stop();
    isComing = true;
    asker.ask(questionOf(state.get()), true);
  }

  function place() {
    const { point: wanted, tolerance } = state.get();
    const { path } = found.surface;
    const last = stopOf(path, tolerance);
    const index = Math.min(wanted, last);
    return { index, last, here: path[index], isStop: index === last, tolerance };
  }

  /**
   * The other descent's points up to the same step.
   *
   * @param {Point} here
   * @param {number} tolerance
   */
  function rivalAt(here, tolerance) {
    const { rival } = found.surface;
    return rival && upTo(rival.slice(0, stopOf(rival, tolerance) + 1), here.step);
  }

  /** What the map shows, null until the surface of the present settings is there. */
  function seen() {
    if (!found || isComing) return null;
    const { here, isStop, tolerance } = place();
    return { ...found, here, isStop, there: rivalAt(here, tolerance)?.at(-1) ?? null };
  }

  function show() {
    if (!found) return;
    const { question, surface } = found;
    const { index, last, here, isStop, tolerance } = place();
    const rival = rivalAt(here, tolerance);
    showSlider(index, last, here);
    /** @type {import("../../charts/contour-map.js").Content["paths"]} */
    const paths = [{ points: surface.path.slice(0, index + 1), kind: "marked" }];
    if (rival) paths.unshift({ points: rival, kind: "second" });
    map.show({ ...surface, paths }, mapSummary(surface, here));
    const { plane } = question;
    const sentences = [placeWords({ here, isStop, tolerance })];
    if (rival && plane.kind === "path") {
      showNorm(surface, { here, there: rival.at(-1), tolerance, name: rivalName(plane) });
      sentences.push(rivalWords(plane, here, rival.at(-1)));
    } else showNorm(surface, { here, there: null, tolerance, name: "" });
    sentences.push(planeWords(surface, plane.kind));
    words.textContent = sentences.join(" ");
    announce(sentences[0]);
    onShow();
  }

  /**
   * @param {number} index
   * @param {number} last
   * @param {Point} here
   */
  function showSlider(index, last, here) {
    point.max = String(last);
    point.value = String(index);
    point.setAttribute("aria-valuetext", `Step ${whole(here.step)}`);
    stepNumber.textContent = whole(here.step);
    button("step").ariaDisabled = String(index === last);
  }

  /**
   * @param {Surface} surface
   * @param {{here: Point, there: Point | null, tolerance: number, name: string}} place `name` of the rival
   */
  function showNorm(surface, { here, there, tolerance, name }) {
    const { path, rival } = surface;
    const end = path.at(-1).step;
    /** @param {Point[]} points */
    const pointsOf = (points) => points.map(({ step, norm }) => ({ x: step, y: norm }));
    /** @type {Line[]} */
    const lines = [{ points: pointsOf(path), kind: rival ? "first" : "plain", name: "norm" }];
    /** @type {import("../../charts/line-chart.js").Mark[]} */
    const marks = [{ x: here.step, y: here.norm, kind: "ball" }];
    if (there) {
      lines.push({ points: pointsOf(upTo(rival, end)), kind: "second", name });
      marks.unshift({ x: there.step, y: there.norm, kind: "ball", of: "second" });
    }
    if (tolerance > 0) lines.push({ points: [0, end].map((x) => ({ x, y: tolerance })), kind: "tangent" });
    chart.show({ lines, marks, xRange: [0, end], yRange: null, isLog: false }, normSummary(surface));
  }

  function start() {
    isDue = isComing;
    if (isComing) return;
    if (place().isStop) state.set({ point: 0 });
    button("walk").textContent = "Stop";
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = setInterval(() => go(isCalm ? CALM.points : 1), isCalm ? CALM.pace : PACE);
  }

  /** @param {number} points to go further, up to the end of the path */
  function go(points) {
    const { index, last } = place();
    const next = Math.min(index + points, last);
    state.set({ point: next });
    tone.play(place().here.cost);
    if (next === last) stop();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    tone.rest();
    isDue = false;
    button("walk").textContent = "Walk down";
  }

  /** @param {string} text */
  function say(text) {
    sayProblem(problem, text);
  }

  function showOptions() {
    const now = state.get();
    for (const select of form.querySelectorAll("select")) {
      for (const option of select.options) option.hidden = option.disabled = !isOffered(now, select.name, option.value);
    }
    batch.disabled = against.disabled = now.plane === "random";
  }

  function follow() {
    showOptions();
    ask();
  }

  button("walk").addEventListener("click", () => (timer ? stop() : start()));
  button("step").addEventListener("click", () => {
    stop();
    if (found) go(1);
  });
  point.addEventListener("pointerdown", stop);
  point.addEventListener("keydown", stop);
  button("another").addEventListener("click", () => state.set({ seed: state.get().seed + 1 }));
  state.onChange((now, before) => {
    const changes = fitting(now);
    if (Object.keys(changes).length > 0) state.set(changes);
    else if (needsOtherSurface(now, before)) follow();
    else if (now.point !== before.point || now.tolerance !== before.tolerance) show();
  });
  state.bind(form);
  state.set(fitting(state.get()));
  follow();
  return { seen, walk: start };
}
