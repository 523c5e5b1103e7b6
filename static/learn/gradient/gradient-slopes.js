/** The 13,002 components of the gradient in the shape of the layers, and the rule for one of them. */

import { mountLayerPictures } from "../../network/layer-pictures.js";
import { parameterOf, textOf, valueAt } from "../../network/parameter-address.js";
import { mountRule } from "../../network/rule.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { post } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { slopesWords } from "./gradient-words.js";

/** The slopes' part of the address. `meant` null is the digit itself, `pick` null the steepest weight. */
export const DEFAULTS = { about: "drawing", meant: null, network: "random", eta: 0.1, pick: null };
export const CHECKS = {
  meant: (meant) => meant === null || typeof meant === "number",
  pick: (text) => text === null || (typeof text === "string" && parameterOf(text) !== null),
};
const RANDOM_SEED = 1;
// Any slice will do: only the parameter's own value is needed.
const ANY_SLICE = { low: 0, high: 1, count: 2 };

/**
 * @typedef {import("../../network/parameter-name.js").Parameter} Parameter
 * @typedef {object} Subject of the gradient
 * @property {"random" | "trained"} network
 * @property {{input: number[], digit: number} | null} about null: the mean over 1,000 digits
 * @property {number | null} reads what the trained network answers
 * @typedef {object} Found
 * @property {Subject} subject
 * @property {number} cost
 * @property {number} norm
 * @property {import("../../network/layer-pictures.js").Layer[]} gradient
 * @property {Parameter} parameter the one in the rule
 * @property {number} old its value
 */

/**
 * @param {Element} section
 * @param {import("../../page/address-state.js").AddressState} state with DEFAULTS among its keys
 * @param {(found: Found) => void} onFound called with each answer
 * @returns {(drawn: import("../../sheet/own-drawing.js").Input | null) => void} to call with what is on the sheet
 */
export function mountSlopes(section, state, onFound) {
  const [words, problem, pickedBy] = ["slopes-words", "slopes-problem", "picked-by"].map((name) => part(section, name));
  const meantSelect = part(section, "meant", HTMLSelectElement);
  const asItIs = meantSelect.options[0];
  const steepestButton = section.querySelector("[data-action=steepest]");
  const announce = mountAnnouncer(part(section, "slopes-status"), 500);
  const rule = mountRule(part(section, "rule"));
  /** @param {Parameter} parameter */
  const onPick = (parameter) => state.set({ pick: textOf(parameter) });
  const pictures = mountLayerPictures(part(section, "pictures"), onPick, { strongestFirst: true });
  /** @type {import("../../sheet/own-drawing.js").Input | null} */
  let drawn = null;
  /** @type {Subject | null} */
  let subject = null;
  /** @type {Found | null} */
  let found = null;

  const asker = new Asker(fetchSlopes, (outcome) => {
    say(problemOf(outcome));
    if (outcome.kind !== "answered") return;
    found = outcome.answer;
    words.textContent = slopesWords({ ...found.subject, ...found });
    announce(words.textContent);
    showPictures(found.parameter);
    showRule();
    onFound(found);
  });

  /**
   * Fetches the gradient, but only one parameter's value, for the rule: all of them would be 44 kB.
   *
   * @param {{subject: Subject, pick: string | null}} question
   * @returns {Promise<Found>}
   */
  async function fetchSlopes({ subject, pick }) {
    const { network, about } = subject;
    const choice = { seed: network === "random" ? RANDOM_SEED : null };
    const { cost, norm, gradient } =
      subject === found?.subject ? found : await post("lessons/gradient", { network: choice, about });
    const parameter = pick === null ? steepestWeight(gradient) : parameterOf(pick);
    const direction = { kind: "parameter", ...parameter };
    const { here } = await post("lessons/slice", { network: choice, about, direction, ...ANY_SLICE });
    return { subject, cost, norm, gradient, parameter, old: here.value };
  }

  function ask() {
    subject = currentSubject();
    if (subject) return asker.ask({ subject, pick: state.get().pick }, true);
    asker.forget();
    words.textContent = "";
    say("Draw a digit, or choose an example.");
  }

  /** @returns {Subject | null} */
  function currentSubject() {
    const { network, about, meant } = state.get();
    if (about === "many") return { network, about: null, reads: null };
    if (!drawn) return null;
    return { network, about: { input: drawn.input, digit: meant ?? drawn.meant ?? drawn.digit }, reads: drawn.digit };
  }

  function askOfPicked() {
    const { pick } = state.get();
    if (!subject) return;
    if (found && pick !== null) showPictures(parameterOf(pick)); // at once; the numbers follow
    asker.ask({ subject, pick }, true);
  }

  /** @param {Parameter} parameter */
  function showPictures(parameter) {
    pictures.show(found.gradient, parameter);
    const isSteepest = state.get().pick === null;
    pickedBy.textContent = isSteepest ? "The steepest weight" : "Your choice";
    steepestButton.ariaDisabled = String(isSteepest);
  }

  function showRule() {
    if (!found) return;
    const { parameter, old, gradient } = found;
    rule.show(parameter, { old, gradient: valueAt(gradient, parameter), learningRate: state.get().eta });
  }

  /** @param {string} text */
  function say(text) {
    sayProblem(problem, text);
  }

  steepestButton.addEventListener("click", () => state.set({ pick: null }));
  state.bind(section.querySelector("form"));
  state.onChange((now, before) => {
    meantSelect.disabled = now.about === "many";
    if (["network", "about", "meant"].some((key) => now[key] !== before[key])) ask();
    else if (now.pick !== before.pick) askOfPicked();
    else if (now.eta !== before.eta) showRule();
  });
  meantSelect.disabled = state.get().about === "many";
  if (state.get().about === "many") ask();

  return (next) => {
    drawn = next;
    if (drawn) asItIs.textContent = drawn.meant === null ? `${drawn.digit}, the answer` : `${drawn.meant}, the label`;
    if (state.get().about === "drawing") ask();
  };
}

/**
 * The weight with the steepest slope, up or down.
 *
 * @param {import("../../network/layer-pictures.js").Layer[]} layers
 * @returns {Parameter}
 */
function steepestWeight(layers) {
  let best = { layer: 1, neuron: 0, input: 0 };
  let max = -1;
  for (const [index, { weights }] of layers.entries()) {
    for (const [neuron, row] of weights.entries()) {
      for (const [input, value] of row.entries()) {
        if (Math.abs(value) <= max) continue;
        max = Math.abs(value);
        best = { layer: index + 1, neuron, input };
      }
    }
  }
  return best;
}
