/** The lesson on the network: one's own digit through the layers, and any of the 13,002 numbers to turn. */

import { mountLayerPictures } from "../../network/layer-pictures.js";
import { parameterOf, SIZES, textOf } from "../../network/parameter-address.js";
import { addressState } from "../../page/address-state.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { post, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { percent } from "../../page/format.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { showOnly } from "../only.js";
import * as turned from "./network-changes.js";
import { mountColumns } from "./network-columns.js";
import { mountTurn } from "./network-turn.js";

// The first example answers to it: its slope is the steepest there.
const FIRST_PICK = "3.3.1";
const TOO_MANY = `${turned.MAX_CHANGES} numbers are turned. Put one back before you turn another.`;
const NO_INK = "Draw a digit, or choose an example.";
const OTHER_SHAPE = "The network that is served now has other layers than the 784, 16, 16 and 10 of this lesson.";

const stage = part(document, "stage");
const problem = part(stage, "turn-problem");
const matters = stage.querySelector("[data-action=matters]");
const announce = mountAnnouncer(part(stage, "spoken"), 500);

const state = addressState(
  { pick: FIRST_PICK, changes: "", count: "all" },
  { pick: (text) => parameterOf(text) !== null, changes: (text) => turned.changesOf(text) !== null },
);
const columns = mountColumns(part(stage, "columns"), (pixel) => {
  const { layer, neuron } = picked();
  choose({ layer: 1, neuron: layer === 1 ? neuron : 0, input: pixel });
});
const turn = mountTurn(part(stage, "turn"), {
  onTurn: (parameter, value) => {
    const next = turned.withChange(changes(), parameter, value);
    if (next.length > turned.MAX_CHANGES) say(TOO_MANY);
    else state.set({ changes: turned.changesText(next) });
  },
  onChoose: choose,
  onReset: () => state.set({ changes: undefined }),
});
const pictures = mountLayerPictures(part(stage, "pictures"), choose);

/** @type {any} of lessons/parameters */
let trained = null;
/** @type {number[] | null} */
let pixels = null;
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

// What it answers untouched, kept for as long as the digit is the same.
let untouched = { pixels: null, answer: null };
const asker = new Asker(fetchAnswers, (outcome) => {
  sayOutcome(outcome);
  if (outcome.kind !== "answered") return;
  shown = outcome.answer;
  showAnswers();
});

async function fetchAnswers({ input, changes: laid }, signal) {
  if (untouched.pixels !== input) {
    untouched = { pixels: input, answer: await post("lessons/forward", { input }, signal) };
  }
  const before = untouched.answer;
  const isTouched = laid.length > 0;
  const now = isTouched ? await post("lessons/forward", { input, network: { changes: laid } }, signal) : before;
  return { pixels: input, changes: laid, before, now };
}

// The steepest slope of each layer, so that a second press leads on to the next.
const slopes = new Asker(
  (body, signal) => post("lessons/gradient", body, signal),
  (outcome) => {
    sayOutcome(outcome);
    if (outcome.kind !== "answered") return;
    const found = turned.steepest(outcome.answer.gradient).map(textOf);
    state.set({ pick: found[(found.indexOf(state.get().pick) + 1) % found.length] });
  },
);

function ask() {
  if (pixels && !isOtherShape) asker.ask({ input: pixels, changes: changes() }, false);
}

function picked() {
  return parameterOf(state.get().pick);
}

function changes() {
  return turned.changesOf(state.get().changes);
}

function choose(parameter) {
  state.set({ pick: textOf(parameter) });
}

function showParameters() {
  if (!trained) return;
  pictures.show(trained.layers, picked());
  showTurned();
}

function showTurned() {
  if (!trained) return;
  columns.point(picked());
  turn.show(trained.layers, picked(), changes());
  showAnswers();
}

function showAnswers() {
  if (!trained) return;
  columns.show(shown);
  turn.showEffect(shown);
  matters.ariaDisabled = String(!shown);
  if (shown) announce(`The network says ${shown.now.digit}, ${percent(shown.now.confidence)} sure`);
}

function sayOutcome(outcome) {
  say(problemOf(outcome));
}

function say(sentence) {
  sayProblem(problem, sentence);
}

matters.addEventListener("click", () => {
  if (matters.ariaDisabled === "true") return say(NO_INK);
  // What would turn the answer soonest: the cost if the second likeliest digit had been meant.
  const { probabilities } = shown.now;
  const second = probabilities.indexOf(probabilities.toSorted((a, b) => b - a)[1]);
  slopes.ask({ network: { changes: changes() }, about: { input: pixels, digit: second } }, true);
});
addEventListener("online", () => {
  for (const one of [reader, asker, slopes]) one.retry();
});

state.bind(stage.querySelector("#count"));
state.onChange((now, before) => {
  if (now.pick !== before.pick) showParameters();
  if (now.changes !== before.changes) {
    say("");
    showTurned();
    ask();
  }
});
reader.ask("lessons/parameters", true);
mountOwnDrawing(document.getElementById("own-drawing"), state, (answer) => {
  pixels = answer?.input ?? null;
  if (pixels) ask();
  else {
    asker.forget();
    shown = null;
    say("");
    showAnswers();
  }
});
