/** The lesson on the network: the reader's digit through the layers, and 13,002 numbers to change. */

import { mountLayerPictures } from "../../network/layer-pictures.js";
import { parameterOf, SIZES, textOf, valueAt } from "../../network/parameter-address.js";
import { addressState } from "../../page/address-state.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { post, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { percent } from "../../page/format.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { drawnExample } from "../drawn-example.js";
import { showOnly } from "../only.js";
import { mountPredictions } from "../predict/predictions.js";
import { changesOf, changesText, MAX_CHANGES, steepest, withChange } from "./network-changes.js";
import { mountColumns } from "./network-columns.js";
import { mountControls } from "./network-controls.js";
import { networkPredictions } from "./network-predictions.js";

// The weight with the steepest slope for the first example.
const FIRST_PICK = "3.3.1";
const TOO_MANY = `${MAX_CHANGES} numbers are changed. Reset one before you change another.`;
const NO_INK = "Draw a digit, or choose an example.";
const OTHER_SHAPE = "The network in use has other layers than the 784, 16, 16 and 10 of this lesson.";

const stage = part(document, "stage");
const problem = part(stage, "turn-problem");
const matters = stage.querySelector("[data-action=matters]");
const announce = mountAnnouncer(part(stage, "spoken"), 500);

const state = addressState(
  { pick: FIRST_PICK, changes: "", count: "all" },
  { pick: (text) => parameterOf(text) !== null, changes: (text) => changesOf(text) !== null },
);
const columns = mountColumns(part(stage, "columns"), (pixel) => {
  const { layer, neuron } = picked();
  choose({ layer: 1, neuron: layer === 1 ? neuron : 0, input: pixel });
});
const controls = mountControls(part(stage, "turn"), {
  onChange: (parameter, value) => {
    const next = withChange(changes(), parameter, value);
    if (next.length > MAX_CHANGES) say(TOO_MANY);
    else state.set({ changes: changesText(next) });
  },
  onChoose: choose,
  onReset: () => state.set({ changes: undefined }),
});
const pictures = mountLayerPictures(part(stage, "pictures"), choose);

/**
 * @typedef {import("./network-changes.js").Layer} Layer
 * @type {{sizes: number[], activation: string, cost: string, layers: Layer[]} | null} of lessons/parameters
 */
let trained = null;
/** @type {import("../../sheet/own-drawing.js").Input | null} */
let drawn = null;
const example = drawnExample();
/** @type {import("./network-columns.js").Shown | null} */
let shown = null;
let isOtherShape = false;

const reader = new Asker(
  (path, signal) => request(path, { signal }),
  (outcome) => {
    if (outcome.kind !== "answered") return sayOutcome(outcome);
    if (String(outcome.answer.sizes) !== String(SIZES)) {
      isOtherShape = true;
      asker.forget();
      return say(OTHER_SHAPE);
    }
    trained = outcome.answer;
    showOnly(document, "activation", trained.activation);
    showOnly(document, "cost", trained.cost);
    showParameters();
  },
);

// The answer of the trained network, kept as long as the digit is the same.
let original = { pixels: null, answer: null };
const asker = new Asker(fetchAnswers, (outcome) => {
  sayOutcome(outcome);
  if (outcome.kind !== "answered") return;
  shown = outcome.answer;
  showAnswers();
});

/**
 * @param {{input: number[], changes: import("./network-changes.js").Change[]}} question
 * @param {AbortSignal} signal
 */
async function fetchAnswers({ input, changes: made }, signal) {
  if (original.pixels !== input) {
    original = { pixels: input, answer: await post("lessons/forward", { input }, signal) };
  }
  const before = original.answer;
  const network = { changes: made };
  const now = made.length > 0 ? await post("lessons/forward", { input, network }, signal) : before;
  return { pixels: input, changes: made, before, now };
}

// The steepest slope of each layer: a second press of the button chooses the next.
const slopes = new Asker(
  (body, signal) => post("lessons/gradient", body, signal),
  (outcome) => {
    sayOutcome(outcome);
    if (outcome.kind !== "answered") return;
    const found = steepest(outcome.answer.gradient).map(textOf);
    state.set({ pick: found[(found.indexOf(state.get().pick) + 1) % found.length] });
  },
);

function ask() {
  if (drawn && !isOtherShape) asker.ask({ input: drawn.input, changes: changes() }, false);
}

function picked() {
  return parameterOf(state.get().pick);
}

function changes() {
  return changesOf(state.get().changes);
}

/** @param {import("../../network/parameter-name.js").Parameter} parameter */
function choose(parameter) {
  state.set({ pick: textOf(parameter) });
}

function showParameters() {
  if (!trained) return;
  pictures.show(trained.layers, picked());
  showChanges();
}

function showChanges() {
  if (!trained) return;
  columns.point(picked());
  controls.show(trained.layers, picked(), changes());
  showAnswers();
}

function showAnswers() {
  if (!trained) return;
  columns.show(shown);
  controls.showEffect(shown);
  matters.ariaDisabled = String(!shown);
  if (shown) announce(`The network says ${shown.now.digit}, ${percent(shown.now.confidence)} sure`);
}

/** @param {import("../../page/asker.js").Outcome} outcome */
function sayOutcome(outcome) {
  say(problemOf(outcome));
}

/** @param {string} sentence */
function say(sentence) {
  sayProblem(problem, sentence);
}

matters.addEventListener("click", () => {
  if (matters.ariaDisabled === "true") return say(NO_INK);
  // The slopes of the cost if the second likeliest digit were meant: what changes the answer soonest.
  const { probabilities } = shown.now;
  const second = probabilities.indexOf([...probabilities].sort((a, b) => b - a)[1]);
  slopes.ask({ network: { changes: changes() }, about: { input: drawn.input, digit: second } }, true);
});
addEventListener("online", () => {
  for (const one of [reader, asker, slopes]) one.retry();
});

state.bind(stage.querySelector("#count"));
state.onChange((now, before) => {
  if (now.pick !== before.pick) showParameters();
  if (now.changes !== before.changes) {
    say("");
    showChanges();
    ask();
  }
});
reader.ask("lessons/parameters", true);
mountOwnDrawing(document.getElementById("own-drawing"), state, (answer) => {
  drawn = answer;
  if (drawn) ask();
  else {
    asker.forget();
    shown = null;
    say("");
    showAnswers();
  }
  example.set(answer);
});
mountPredictions(
  networkPredictions({
    show: (wanted) => state.set({ ...wanted, drawing: undefined }),
    inputOf: example.inputOf,
    trained: (pick) => valueAt(trained.layers, parameterOf(pick)),
  }),
);
