/** The choice of one of the 13,002 parameters, from its place in the network or from suggestions. */

import { mountLayerPictures } from "../../network/layer-pictures.js";
import { parameterOf, textOf } from "../../network/parameter-address.js";
import { post, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { part } from "../../page/part.js";

/**
 * @param {HTMLElement} section
 * @param {(pick: string) => void} onPick
 */
export function mountPicker(section, onPick) {
  const suggestions = [...section.querySelectorAll("[data-pick]")];
  const pictures = mountLayerPictures(part(section, "pictures"), (parameter) => onPick(textOf(parameter)));
  let pick = "";
  let asked = "";
  /** @type {import("../../network/layer-pictures.js").Layer[] | null} */
  let layers = null;

  const asker = new Asker(fetchLayers, (outcome) => {
    // A failure needs no message here: the curve's own request has one.
    if (outcome.kind !== "answered") return;
    layers = outcome.answer;
    show();
  });
  addEventListener("online", () => asker.retry());

  function show() {
    for (const button of suggestions) button.ariaPressed = String(button.getAttribute("data-pick") === pick);
    if (layers) pictures.show(layers, parameterOf(pick));
  }

  for (const button of suggestions) button.addEventListener("click", () => onPick(button.getAttribute("data-pick")));

  return {
    /**
     * @param {string} nextPick
     * @param {"slopes" | "weights"} what
     * @param {{input: number[], digit: number} | null} about whose slopes; null for the mean over many images
     */
    show(nextPick, what, about) {
      pick = nextPick;
      const question = { what, about: what === "slopes" ? about : null };
      const key = JSON.stringify(question);
      if (key !== asked) {
        asked = key;
        asker.ask(question, true);
      }
      show();
    },
  };
}

/**
 * @param {{what: "slopes" | "weights", about: {input: number[], digit: number} | null}} question
 * @param {AbortSignal} signal
 */
async function fetchLayers({ what, about }, signal) {
  if (what === "weights") return (await request("lessons/parameters", { signal })).layers;
  return (await post("lessons/gradient", { about }, signal)).gradient;
}
