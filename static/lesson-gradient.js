/** The lesson on the gradient: a landscape with a path down, and the 13,002 slopes in the shape of the layers. */

import { addressState } from "./address-state.js";
import { post, request, sentenceOf, Unreachable } from "./api.js";
import { Asker } from "./asker.js";
import { short } from "./format.js";
import { DEFAULTS as LANDSCAPE, mountLandscape } from "./landscape.js";
import { mountLayerPictures } from "./layer-pictures.js";
import { mountOwnDrawing } from "./own-drawing.js";
import { mountRule } from "./rule.js";

const RANDOM_SEED = 1;
// A weight in the middle of the picture, where every digit has ink sometimes.
const FIRST_PICK = "1.1.406";

const section = document.querySelector(".slopes");
const part = (name) => section.querySelector(`[data-part=${name}]`);
const [words, problem] = ["slopes-words", "slopes-problem"].map(part);
const form = section.querySelector("#slopes");

const state = addressState(
  { ...LANDSCAPE, about: "drawing", meant: 3, network: "trained", eta: 0.01, pick: FIRST_PICK },
  { pick: (text) => parameterOf(text) !== null, seed: (seed) => Number.isInteger(seed) && seed >= 0 },
);
const rule = mountRule(part("rule"));
const pictures = mountLayerPictures(part("pictures"), (parameter) => state.set({ pick: textOf(parameter) }));
/** @type {Promise<any> | null} */
let parameters = null;
let drawn = null;
let found = null;

const asker = new Asker(fetchGradient, (outcome) => {
  say(outcome.kind === "refused" ? outcome.detail : outcome.kind === "unreachable" ? sentenceOf(new Unreachable()) : "");
  if (outcome.kind !== "answered") return;
  found = outcome.answer;
  show();
});

async function fetchGradient({ network, about }) {
  const seed = network === "random" ? RANDOM_SEED : null;
  parameters ??= request(seed === null ? "lessons/parameters" : `lessons/parameters?seed=${seed}`);
  try {
    const [{ layers }, answer] = await Promise.all([parameters, post("lessons/gradient", { network: { seed }, about })]);
    return { ...answer, layers };
  } catch (error) {
    parameters = null; // asked for once more with the next question
    throw error;
  }
}

function ask() {
  const { network, about, meant } = state.get();
  if (about === "drawing" && !drawn) {
    asker.forget();
    say("Draw a digit, or choose an example.");
    return;
  }
  asker.ask({ network, about: about === "drawing" ? { input: drawn.input, digit: meant } : null }, true);
}

function show() {
  if (!found) return;
  const { pick, eta } = state.get();
  const parameter = parameterOf(pick);
  pictures.show(found.gradient, parameter);
  rule.show(parameter, { old: at(found.layers, parameter), gradient: at(found.gradient, parameter), learningRate: eta });
  words.textContent = `The cost is ${short(found.cost)}, the gradient ${short(found.norm)} long.`;
}

function say(text) {
  problem.textContent = text;
  problem.hidden = text === "";
}

function at(layers, { layer, neuron, input }) {
  const { weights, biases } = layers[layer - 1];
  return input === null ? biases[neuron] : weights[neuron][input];
}

/** "1.3.400" is the weight of the fourth neuron's pixel 400, "2.5.b" a bias; null for what names no parameter. */
function parameterOf(text) {
  const found = /^([123])\.(\d{1,2})\.(b|\d{1,3})$/.exec(text);
  if (!found) return null;
  const [layer, neuron] = [Number(found[1]), Number(found[2])];
  const input = found[3] === "b" ? null : Number(found[3]);
  const [inputs, outputs] = [[784, 16], [16, 16], [16, 10]][layer - 1];
  return neuron < outputs && (input === null || input < inputs) ? { layer, neuron, input } : null;
}

function textOf({ layer, neuron, input }) {
  return `${layer}.${neuron}.${input ?? "b"}`;
}

mountLandscape(document.querySelector(".landscape"), state);
state.bind(document.querySelector("#landscape"));
state.bind(form);
state.onChange((now, before) => {
  if (now.network !== before.network) parameters = null;
  if (["network", "about", "meant"].some((key) => now[key] !== before[key])) ask();
  else if (now.pick !== before.pick || now.eta !== before.eta) show();
});
mountOwnDrawing(document.querySelector("#own-drawing"), state, (answer) => {
  drawn = answer;
  if (state.get().about === "drawing") ask();
});
if (state.get().about === "many") ask();
