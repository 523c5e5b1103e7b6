/** The network, large: the digit that goes in, and the 42 neurons with their numbers and who holds them. */

import { contextOf } from "../../page/canvas.js";
import { all, one } from "../../page/elements.js";
import { percent } from "../../page/format.js";
import { inkPlace } from "../../page/ink-place.js";
import { part } from "../../page/part.js";
import { paintPixels } from "../../page/pixels.js";
import { setText } from "../../page/text.js";
import { shares } from "./neuron.js";
import { mountEdges } from "./projector-edges.js";
import { activationText, deltaText, isKnown, layerOf, markWords } from "./projector-steps.js";

/**
 * @import {GameState} from "./game-state.js"
 * @import {NameOf} from "./projector-steps.js"
 * @typedef {{item: HTMLElement, disc: HTMLElement, number: HTMLElement, holder: HTMLElement, mark: HTMLElement}} Neuron
 */

const LAST_LAYER = 3;
const WHITE = 255;

/** @param {HTMLElement} network */
export function mountNetwork(network) {
  const picture = part(network, "picture", HTMLCanvasElement);
  const layers = all(network, "ol").map((list) => all(list, "li").map(neuronOf));
  const discs = layers.map((layer) => layer.map(({ disc }) => disc));
  const edges = mountEdges(part(network, "edges", HTMLCanvasElement), [[picture], ...discs]);
  let journeyKey = "";
  /** @type {ReturnType<typeof numbersOf>[]} of each layer, which a run shows until others come: so it does not flicker */
  const last = [];

  /**
   * The numbers of a layer for the first digit of the batch, and what they are.
   *
   * @param {GameState} state
   * @param {number} layer from 1 on
   */
  function numbersOf(state, layer) {
    const { game } = state;
    for (const way of ["backward", "forward"]) {
      const row = isKnown(game, `${way}-${layer}`) && state.numbers(`${way}-${layer}`)?.[0];
      // After a step its deltas are over, and the activations of its digit are what one wants to see.
      if (row && (way === "forward" || game.phase !== "ready")) return { way, row };
    }
    return null;
  }

  /**
   * @param {GameState} state
   * @param {number} layer from 1 on
   * @param {NameOf} nameOf
   */
  function showLayer(state, layer, nameOf) {
    const { game, deal } = state;
    const isRun = game.pace === "run" && game.step > 0;
    const found = numbersOf(state, layer) ?? (isRun ? last[layer] : null);
    last[layer] = found;
    const isOutput = layer === LAST_LAYER && found?.way === "forward";
    const row = isOutput ? shares(found.row) : (found?.row ?? []);
    const largest = isOutput ? 1 : Math.max(...row.map(Math.abs), Number.MIN_VALUE);
    const texts = isOutput ? row.map(percent) : row.map(found?.way === "backward" ? deltaText : activationText);
    const isNow = layerOf(game.phase) === layer && !(isOutput && game.phase === "forward-3");
    layers[layer - 1].forEach(({ item, disc, number, holder, mark }, place) => {
      const name = `${layer}-${place}`;
      const who = deal.held[name] ?? [];
      const awake = who.filter((pupil) => !deal.asleep.includes(pupil));
      const isDone = game.done.includes(name);
      item.dataset.state = isNow ? (isDone ? "done" : "open") : found ? "known" : "idle";
      item.dataset.holder = awake.length === 0 ? "server" : "pupil";
      item.dataset.mark = game.marks[name] ?? "";
      disc.dataset.sign = row[place] < 0 ? "negative" : "positive";
      disc.style.setProperty(
        "--light",
        isNow && game.pace === "walk" ? "0" : String(Math.abs(row[place] ?? 0) / largest),
      );
      setText(number, isNow && game.pace === "walk" ? (isDone ? "✓" : "…") : (texts[place] ?? ""));
      holder.classList.toggle("is-shared", who.length > 1);
      setText(holder, who.length === 0 ? "server" : who.map(nameOf).join(" + "));
      setText(mark, awake.length === 0 && who.length > 0 ? "asleep" : markWords(game.marks[name]));
    });
    return row.map((value) => value / largest);
  }

  /**
   * What travels in this phase. A layer that computes is reached from the one before, or on the way back from the one
   * after it.
   *
   * @param {GameState} state
   * @param {number[][]} strengths of each layer, -1..1
   */
  function travel({ game }, strengths) {
    const key = `${game.step} ${game.phase} ${game.digits[0]}`;
    if (key === journeyKey) return;
    journeyKey = key;
    const layer = layerOf(game.phase);
    const isBack = game.phase.startsWith("backward");
    if (!layer || (isBack && layer === LAST_LAYER)) return edges.travel(null);
    const at = isBack ? layer : layer - 2; // in `layers`
    const from = at < 0 ? [picture] : discs[at];
    edges.travel({ from, to: discs[layer - 1], strengths: at < 0 ? [1] : strengths[at] });
  }

  return {
    /**
     * @param {GameState} state with a game
     * @param {NameOf} nameOf
     */
    show(state, nameOf) {
      const strengths = layers.map((_, i) => showLayer(state, i + 1, nameOf));
      travel(state, strengths);
    },
    /** @param {ArrayLike<number> | null} pixels of the digit that goes in; null for none */
    showDigit(pixels) {
      if (pixels) paintPixels(picture, pixels, WHITE);
      else contextOf(picture).clearRect(0, 0, picture.width, picture.height);
      const ink = pixels ? inkPlace({ width: picture.width, height: picture.height, pixels }) : "none yet";
      picture.setAttribute("aria-label", `The digit that goes in: ${ink}`);
    },
  };
}

/** @param {HTMLElement} item @returns {Neuron} */
function neuronOf(item) {
  const [disc, number, holder, mark] = [".disc", ".neuron-number", ".neuron-holder", ".neuron-mark"].map((selector) =>
    one(item, selector),
  );
  return { item, disc, number, holder, mark };
}
