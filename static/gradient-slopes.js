/** The 13,002 components of the gradient in the shape of the layers, and the rule for one of them. */

import { mountAnnouncer } from "./announcer.js";
import { post, request, sentenceOf, Unreachable } from "./api.js";
import { Asker } from "./asker.js";
import { parameterOf, steepest, textOf, valueAt } from "./gradient-pick.js";
import { slopesWords } from "./gradient-words.js";
import { mountLayerPictures } from "./layer-pictures.js";
import { mountRule } from "./rule.js";

/** What the address keeps of it. `meant` null is what the digit is; `pick` null the steepest weight. */
export const DEFAULTS = { about: "drawing", meant: null, network: "random", eta: 0.1, pick: null };
export const CHECKS = {
  meant: (meant) => meant === null || typeof meant === "number",
  pick: (text) => text === null || (typeof text === "string" && parameterOf(text) !== null),
};
const RANDOM_SEED = 1;

/**
 * @param {HTMLElement} section
 * @param {import("./address-state.js").AddressState} state with DEFAULTS among its keys
 * @returns {(drawn: import("./own-drawing.js").Input | null) => void} to be told what lies on the sheet
 */
export function mountSlopes(section, state) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const [words, problem, pickedBy] = ["slopes-words", "slopes-problem", "picked-by"].map(part);
  const form = section.querySelector("form");
  const asItIs = form.elements.meant.options[0];
  const steepestButton = section.querySelector("[data-action=steepest]");
  const tell = mountAnnouncer(part("slopes-status"), 500);
  const rule = mountRule(part("rule"));
  const onPick = (parameter) => state.set({ pick: textOf(parameter) });
  const pictures = mountLayerPictures(part("pictures"), onPick, { strongestFirst: true });
  /** @type {Map<string, Promise<any>>} the parameters of each network, asked for once */
  const networks = new Map();
  /** @type {import("./own-drawing.js").Input | null} */
  let drawn = null;
  let found = null;

  const asker = new Asker(fetchGradient, (outcome) => {
    say(outcome.kind === "refused" ? outcome.detail : outcome.kind === "unreachable" ? sentenceOf(new Unreachable()) : "");
    if (outcome.kind !== "answered") return;
    found = outcome.answer;
    show();
  });

  async function fetchGradient(question) {
    const { network, about } = question;
    const seed = network === "random" ? RANDOM_SEED : null;
    if (!networks.has(network)) {
      networks.set(network, request(seed === null ? "lessons/parameters" : `lessons/parameters?seed=${seed}`));
    }
    try {
      const [{ layers }, answer] = await Promise.all([
        networks.get(network),
        post("lessons/gradient", { network: { seed }, about }),
      ]);
      return { ...question, ...answer, layers };
    } catch (error) {
      networks.delete(network); // asked for once more with the next question
      throw error;
    }
  }

  function ask() {
    const { network, about, meant } = state.get();
    if (about === "many") return asker.ask({ network, about: null, reads: null }, true);
    if (drawn) {
      const digit = meant ?? drawn.meant ?? drawn.digit;
      return asker.ask({ network, about: { input: drawn.input, digit }, reads: drawn.digit }, true);
    }
    asker.forget();
    words.textContent = "";
    say("Draw a digit, or choose an example.");
  }

  function show() {
    if (!found) return;
    const { pick, eta } = state.get();
    const parameter = pick === null ? steepest(found.gradient) : parameterOf(pick);
    pictures.show(found.gradient, parameter);
    const [old, gradient] = [found.layers, found.gradient].map((layers) => valueAt(layers, parameter));
    rule.show(parameter, { old, gradient, learningRate: eta });
    pickedBy.textContent = pick === null ? "The steepest weight" : "The one you picked";
    steepestButton.ariaDisabled = String(pick === null);
    words.textContent = slopesWords(found);
    tell(words.textContent);
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = text === "";
  }

  steepestButton.addEventListener("click", () => state.set({ pick: null }));
  state.bind(form);
  state.onChange((now, before) => {
    form.elements.meant.disabled = now.about === "many";
    if (["network", "about", "meant"].some((key) => now[key] !== before[key])) ask();
    else if (now.pick !== before.pick || now.eta !== before.eta) show();
  });
  form.elements.meant.disabled = state.get().about === "many";
  if (state.get().about === "many") ask();

  return (next) => {
    drawn = next;
    if (drawn) asItIs.textContent = drawn.meant === null ? `${drawn.digit}, as it is read` : `${drawn.meant}, as it is`;
    if (state.get().about === "drawing") ask();
  };
}
