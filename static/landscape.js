/** The cost over a plane through the parameters, and the path of a descent on it, which can be walked step by step. */

import { post, Problem, sentenceOf } from "./api.js";
import { Asker } from "./asker.js";
import { mountContourMap } from "./contour-map.js";
import { percent, short, whole } from "./format.js";
import { mountLineChart } from "./line-chart.js";

/** What the address keeps of it. `point` is a place on the path, counted in points. */
export const DEFAULTS = { plane: "path", rate: 0.1, batch: 32, seed: 1, point: 40 };
const RATES = { path: [0.01, 0.03, 0.1, 0.3], random: [10, 30, 100, 300] };
const USUAL_RATE = { path: 0.1, random: 30 };
const STEPS = 200;
const WHOLE_BATCH_STEPS = 40;
const RANDOM_STEPS = 40;
const PACE = 90;
const SIDE = 31;

/**
 * @param {HTMLElement} section
 * @param {import("./address-state.js").AddressState} state with DEFAULTS among its keys
 */
export function mountLandscape(section, state) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const [problem, words, stepNumber] = ["problem", "words", "step-number"].map(part);
  const form = section.querySelector("form");
  const { rate, point } = form.elements;
  const walkButton = section.querySelector("[data-action=walk]");
  const map = mountContourMap(section.querySelector("#map"), {
    labelX: "distance in the first direction",
    labelY: "in the second",
    formatCost: short,
  });
  const chart = mountLineChart(section.querySelector("#norm"), {
    formatX: whole,
    formatY: short,
    labelX: "step",
    labelY: "length of the gradient",
    read: ({ x, y }) => `Step ${whole(x)}: the gradient is ${short(y)} long`,
  });
  let surface = null;
  let timer = 0;

  const asker = new Asker(fetchSurface, (outcome) => {
    say(outcome.kind === "refused" ? outcome.detail : outcome.kind === "unreachable" ? sentenceOf(unreachable()) : "");
    if (outcome.kind !== "answered") return;
    surface = outcome.answer;
    point.max = String(surface.path.length - 1);
    show();
  });

  function ask() {
    const { plane, rate: learningRate, batch, seed } = state.get();
    stop();
    asker.ask({ plane, learningRate, batch, seed }, true);
  }

  function show() {
    if (!surface) return;
    const { path } = surface;
    const index = Math.min(state.get().point, path.length - 1);
    const here = path[index];
    point.value = String(index);
    stepNumber.textContent = whole(here.step);
    const walked = path.slice(0, index + 1);
    map.show(
      { ...surface, paths: [{ points: walked, kind: "marked" }], marks: [] },
      `A map of the cost, from ${short(lowest(surface))} to ${short(highest(surface))}. The path begins at a cost of ` +
        `${short(path[0].cost)} and after step ${whole(here.step)} is at ${short(here.cost)}.`,
    );
    chart.show(
      {
        lines: [{ points: path.map(({ step, norm }) => ({ x: step, y: norm })), kind: "plain", name: "length" }],
        marks: [{ x: here.step, y: here.norm, kind: "ball" }],
        xRange: [0, path.at(-1).step],
        yRange: null,
        isLog: false,
      },
      `The length of the gradient at each step: ${short(path[0].norm)} at first, ${short(path.at(-1).norm)} at the end.`,
    );
    words.textContent = `${sentence(here)} ${state.get().plane === "path" ? planeWords(surface) : RANDOM_WORDS}`;
  }

  function sentence({ step, cost, norm }) {
    return `After step ${whole(step)} the cost is ${short(cost)} and the gradient ${short(norm)} long.`;
  }

  function start() {
    if (!surface) return;
    if (state.get().point >= surface.path.length - 1) state.set({ point: 0 });
    walkButton.textContent = "Stop";
    timer = setInterval(() => {
      const next = state.get().point + 1;
      state.set({ point: Math.min(next, surface.path.length - 1) });
      if (next >= surface.path.length - 1) stop();
    }, PACE);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    walkButton.textContent = "Walk down";
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = text === "";
  }

  /** A random plane is measured in the length of the parameters, so its learning rates are other ones. */
  function showRates() {
    const { plane } = state.get();
    for (const option of rate.options) {
      option.hidden = option.disabled = !RATES[plane].includes(Number(option.value));
    }
    form.elements.batch.disabled = plane === "random";
  }

  walkButton.addEventListener("click", () => (timer ? stop() : start()));
  point.addEventListener("pointerdown", stop);
  section.querySelector("[data-action=another]").addEventListener("click", () => {
    state.set({ seed: state.get().seed + 1 });
  });
  state.onChange((now, before) => {
    if (now.plane !== before.plane && !RATES[now.plane].includes(now.rate)) {
      state.set({ rate: USUAL_RATE[now.plane] });
      return;
    }
    if (["plane", "rate", "batch", "seed"].some((key) => now[key] !== before[key])) {
      showRates();
      ask();
    } else if (now.point !== before.point) show();
  });
  showRates();
  ask();
}

const RANDOM_WORDS = "Here it may move in these two directions alone; the trained network is in the middle.";

function planeWords({ in_plane }) {
  return `${percent(in_plane)} of all that it moved lies in this plane.`;
}

function fetchSurface({ plane, learningRate, batch, seed }) {
  if (plane === "random") {
    const body = { plane: { kind: "random", seed }, side: SIDE, learning_rate: learningRate, steps: RANDOM_STEPS };
    return post("lessons/surface", body);
  }
  const steps = batch === 0 ? WHOLE_BATCH_STEPS : STEPS;
  const path = { kind: "path", seed, learning_rate: learningRate, batch_size: batch || null, steps };
  return post("lessons/surface", { plane: path, side: SIDE });
}

function lowest({ costs }) {
  return Math.min(...costs.flat());
}

function highest({ costs }) {
  return Math.max(...costs.flat());
}

function unreachable() {
  return new Problem(0, "The server can't be reached just now. The page keeps trying.");
}
