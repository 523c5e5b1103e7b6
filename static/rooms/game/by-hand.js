/** "Take a neuron by hand": buttons for the neurons that nobody holds. */

import { sentenceOf } from "../../page/api.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { neuronWords } from "./game-words.js";

/**
 * @param {HTMLDetailsElement} details
 * @param {(name: string) => Promise<unknown>} hold
 */
export function mountByHand(details, hold) {
  const list = part(details, "game-free");
  const problem = part(details, "game-problem");
  let free = /** @type {string[]} */ ([]);
  let shown = "";
  let isBusy = false;

  function show() {
    details.hidden = free.length === 0;
    if (!details.open || shown === free.join()) return;
    shown = free.join();
    list.replaceChildren(...free.map(buttonOf));
  }

  /** @param {string} name */
  function buttonOf(name) {
    const button = document.createElement("button");
    button.textContent = name;
    button.ariaLabel = `Take ${neuronWords(name)}`;
    button.addEventListener("click", () => take(name));
    return button;
  }

  /** @param {string} name */
  async function take(name) {
    if (isBusy) return;
    isBusy = true;
    sayProblem(problem, "");
    try {
      await hold(name);
      details.open = false;
    } catch (error) {
      sayProblem(problem, sentenceOf(error));
    } finally {
      isBusy = false;
    }
  }

  details.addEventListener("toggle", show);

  return {
    /** @param {Record<string, number[]>} held who holds each neuron */
    show(held) {
      free = Object.keys(held).filter((name) => held[name].length === 0);
      show();
    },
  };
}
