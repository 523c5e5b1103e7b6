/** One neuron in numbers: its sum forwards, and backwards its delta and its nudge. */

import { gridWords } from "../../charts/grid-words.js";
import { mountHeatMap } from "../../charts/heat-map.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { layerOf } from "./game-player.js";
import { verdictWords } from "./game-words.js";
import { backwardStory, forwardStory } from "./neuron-story.js";

/** @import {Done, Played} from "./phone-play.js" */

const SIDE = 28;
// All 16 inputs, the bias and the sum.
const ROWS = 18;

/** @param {HTMLElement} section */
export function mountNeuronView(section) {
  const [forward, backward, weights] = ["forward", "backward", "weights"].map((name) => part(section, `game-${name}`));
  const heatMap = mountHeatMap(part(section, "game-heat-map"), { label: "Its weights", columns: SIDE, rows: SIDE });
  const lines = Array.from({ length: ROWS }, () => copyOf("game-term", {}));
  part(section, "game-terms").append(...lines.map(({ element }) => element));
  /** @type {Done | null} what is on the page already */
  let shownForward = null;
  /** @type {Done | null} */
  let shownBackward = null;

  /** @param {Record<string, string>} texts */
  function write(texts) {
    for (const [name, text] of Object.entries(texts)) setText(part(section, `game-${name}`), text);
  }

  /** @param {Done} done */
  function showForward({ move }) {
    const { rows, ...texts } = forwardStory(move);
    write(texts);
    weights.hidden = layerOf(move.name) !== 1;
    if (!weights.hidden) {
      const { weights: values } = move.neuron;
      const what = `The 784 weights of neuron ${move.name} over the digit, a picture of 28 by 28`;
      const summary = `${what}. ${gridWords(values, SIDE)}`;
      heatMap.show(values, { signed: true, under: move.befores[0], summary });
    }
    lines.forEach(({ element, part: cell }, i) => {
      element.hidden = i >= rows.length;
      element.classList.toggle("is-sum", i === rows.length - 1);
      if (!element.hidden) for (const [name, text] of Object.entries(rows[i])) setText(cell(name), text);
    });
  }

  return {
    /**
     * @param {Played | undefined} record
     * @param {{forward: boolean, backward: boolean}} shown which of both to show, where there is one
     */
    show(record, shown) {
      const { forward: ahead = null, backward: back = null } = record ?? {};
      forward.hidden = !shown.forward || ahead === null;
      backward.hidden = !shown.backward || back === null;
      if (ahead && !forward.hidden) {
        if (ahead !== shownForward) showForward(ahead);
        shownForward = ahead;
        write({ "forward-verdict": exception(ahead) });
      }
      if (back && !backward.hidden) {
        if (back !== shownBackward) write(backwardStory(back));
        shownBackward = back;
        write({ "backward-verdict": exception(back) });
      }
    },
  };
}

/** @param {Done} done */
function exception(done) {
  return done.verdict === "right" ? "" : verdictWords(done);
}
