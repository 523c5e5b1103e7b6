/** The lesson on the cost: of the reader's digit and of a thousand others, for a trained and a random network. */

import { mountChartTable } from "../../charts/chart-table.js";
import { addressState } from "../../page/address-state.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { post, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { drawnExample } from "../drawn-example.js";
import { showOnly } from "../only.js";
import { mountPredictions } from "../predict/predictions.js";
import { mountCurve } from "./cost-curve.js";
import { costliest, mountGrid } from "./cost-grid.js";
import { numeral } from "./cost-numbers.js";
import { mountOutputs } from "./cost-outputs.js";
import { costPredictions } from "./cost-predictions.js";

/**
 * @typedef {import("./cost-grid.js").ImageCost} ImageCost
 * @typedef {import("./cost-grid.js").Mean} Mean
 * @typedef {import("./cost-outputs.js").Costs & {mean: Mean, sample: ImageCost[]}} NetworkCosts of POST /lessons/costs
 */

const NETWORKS = ["trained", "random"];
const MAX_SEED = 2 ** 31 - 1;
const SIDE = 28;
// The means don't depend on a drawing, but the server wants one.
const NO_INK = new Array(SIDE * SIDE).fill(0);

const stage = part(document, "stage");
const problem = part(stage, "cost-problem");
const meantSelect = part(stage, "meant-select", HTMLSelectElement);
const picture = part(stage, "images", HTMLImageElement);
const announce = mountAnnouncer(part(stage, "spoken"), 700);
/** @type {(max: number) => (number: number | null) => boolean} */
const isWhole = (max) => (number) => number === null || (Number.isInteger(number) && number >= 0 && number <= max);

// The network is least sure of it, so that its cost can be seen.
const USUAL_EXAMPLE = 3;
const state = addressState(
  { example: null, drawing: "", meant: null, cost: "cross-entropy", seed: 1, cell: null, curve: "trained" },
  { meant: isWhole(9), seed: isWhole(MAX_SEED), cell: isWhole(99) },
);
const outputs = NETWORKS.map((name) => mountOutputs(stage.querySelector(`[data-network=${name}]`)));
const grids = NETWORKS.map((name) =>
  mountGrid(stage.querySelector(`[data-mean=${name}]`), (cell) => state.set({ cell })),
);
const curveSection = /** @type {HTMLElement} */ (document.getElementById("curve"));
const curve = mountCurve(curveSection);
/** The costs whose ten outputs add up to 1. */
const sharing = (curveSection.dataset.shares ?? "").split(" ");
const table = mountChartTable(part(stage, "many-table", HTMLDetailsElement), tableOf);

/** @type {import("../../sheet/own-drawing.js").Input | null} */
let drawn = null;
const example = drawnExample();
/** @type {{cost: string} | null} GET models/classic */
let served = null;
/** @type {{isBlank: boolean, costs: NetworkCosts[]} | null} of the trained network and of the random one */
let found = null;

const asker = new Asker(fetchCosts, (outcome) => {
  say(problemOf(outcome));
  if (outcome.kind !== "answered") return;
  found = outcome.answer;
  show();
});

/**
 * @param {{input: number[] | null, digit: number, seed: number}} question
 * @param {AbortSignal} signal
 */
async function fetchCosts({ input, digit, seed }, signal) {
  served ??= await request("models/classic", { signal });
  const about = { input: input ?? NO_INK, digit };
  const asked = [{}, { seed }].map((network) => post("lessons/costs", { ...about, network }, signal));
  return { isBlank: input === null, costs: await Promise.all(asked) };
}

function meant() {
  return state.get().meant ?? drawn?.meant ?? drawn?.digit ?? 0;
}

function ask() {
  meantSelect.value = String(meant());
  asker.ask({ input: drawn?.input ?? null, digit: meant(), seed: state.get().seed }, false);
}

function show() {
  const { cost, curve: shownOn } = state.get();
  stage.dataset.written = cost;
  if (!found) return;
  showOnly(document, "served", served.cost);
  const { isBlank, costs } = found;
  for (const [i, view] of outputs.entries()) view.show(isBlank ? null : costs[i]);
  stage.classList.toggle("is-blank", isBlank);
  if (!isBlank) curve.show(costs[NETWORKS.indexOf(shownOn)], sharing.includes(served.cost));
  showMany();
  if (isBlank) return;
  const words = costs.map((one, i) => `${NETWORKS[i]}: ${numeral(one[kind()])}`);
  announce(`${cost} cost, ${words.join(", ")}`);
}

function showMany() {
  const { costs } = found;
  const max = Math.max(...costs.flatMap(({ sample }) => sample.map((image) => image[kind()])));
  const picked = state.get().cell ?? costliest(costs[0].sample, kind());
  for (const [i, grid] of grids.entries()) grid.show(costs[i], { kind: kind(), max, picked });
  showOne(picked);
  table.refresh();
}

/** @param {number} cell */
function showOne(cell) {
  const { label } = found.costs[0].sample[cell];
  const name = `A ${label}, number ${cell + 1}`;
  part(stage, "one-name").textContent = name;
  part(stage, "one", HTMLCanvasElement).setAttribute("aria-label", `The chosen digit: ${name}`);
  NETWORKS.forEach((name, i) => {
    const image = found.costs[i].sample[cell];
    part(stage, `${name}-digit`).textContent = String(image.digit);
    for (const one of ["quadratic", "cross_entropy"]) part(stage, `${name}-${one}`).textContent = numeral(image[one]);
  });
  const draw = () => {
    const context = part(stage, "one", HTMLCanvasElement).getContext("2d");
    const [x, y] = [(cell % 10) * SIDE, Math.floor(cell / 10) * SIDE];
    context.drawImage(picture, x, y, SIDE, SIDE, 0, 0, SIDE, SIDE);
  };
  picture.decode().then(draw, () => {}); // when the picture is missing, its numbers are still there
}

function tableOf() {
  const [trained, random] = found?.costs ?? [{ sample: [] }, { sample: [] }];
  /** @param {ImageCost} image */
  const cells = (image) => [String(image.digit), numeral(image.quadratic), numeral(image.cross_entropy)];
  const columns = ["read as", "quadratic", "cross-entropy"];
  return {
    head: ["number, digit", ...columns.map((name) => `trained: ${name}`), ...columns.map((name) => `random: ${name}`)],
    rows: trained.sample.map((image, i) => [`${i + 1}, a ${image.label}`, ...cells(image), ...cells(random.sample[i])]),
  };
}

function kind() {
  return state.get().cost.replaceAll("-", "_");
}

/** @param {string} sentence */
function say(sentence) {
  sayProblem(problem, sentence);
}

/** Whether this is another digit, not one more stroke of the same. */
function isOther(now, before) {
  return now.example !== before.example || (now.drawing === "") !== (before.drawing === "") || now.drawing === "blank";
}

meantSelect.addEventListener("input", () => state.set({ meant: Number(meantSelect.value) }));
stage.querySelector("[data-action=another]").addEventListener("click", () => {
  const { seed } = state.get();
  state.set({ seed: seed < MAX_SEED ? seed + 1 : 0 });
});
addEventListener("online", () => asker.retry());
state.bind(stage.querySelector("#switch"));
state.bind(stage.querySelector("#curve-network"));
state.onChange((now, before) => {
  // Another digit means another label, unless the address sets both at once.
  const isOldMeaning = now.meant !== null && now.meant === before.meant && isOther(now, before);
  if (isOldMeaning) state.set({ meant: undefined });
  else if (now.meant !== before.meant || now.seed !== before.seed) ask();
  else if (["cost", "cell", "curve"].some((key) => now[key] !== before[key])) show();
});
mountOwnDrawing(
  document.getElementById("own-drawing"),
  state,
  (answer) => {
    drawn = answer;
    ask();
    example.set(answer);
  },
  USUAL_EXAMPLE,
);
mountPredictions(
  costPredictions({
    show: (wanted) => state.set({ ...wanted, drawing: undefined }),
    inputOf: example.inputOf,
    seed: () => state.get().seed,
  }),
);
show();
