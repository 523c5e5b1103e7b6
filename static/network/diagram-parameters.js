/** The parameters of the answering network, fetched once for each network and version. */

import { request } from "../page/api.js";
import { Asker } from "../page/asker.js";
import { problemOf } from "../page/live-sentence.js";

const UNREACHABLE = "The weights can't be fetched just now. Your drawing is safe, and the page keeps trying.";

/**
 * @typedef {object} Parameters
 * @property {string} model
 * @property {string} version
 * @property {number[]} sizes
 * @property {string} activation
 * @property {string} cost
 * @property {{weights: number[][], biases: number[]}[]} layers weights[neuron][input]
 *
 * @param {() => void} onChange after they came, or didn't
 * @param {number} [fromLayer] the layers before this one are undefined; the first has most of the bytes
 */
export function mountParameters(onChange, fromLayer = 1) {
  /** @type {Parameters | null} */
  let known = null;
  let asked = "";
  let trouble = "";

  const asker = new Asker(
    (model, signal) =>
      request(`lessons/parameters?model=${encodeURIComponent(model)}&from_layer=${fromLayer}`, { signal }),
    (outcome) => {
      if (outcome.kind === "answered") {
        known = { ...outcome.answer, layers: [...new Array(fromLayer - 1), ...outcome.answer.layers] };
      }
      trouble = problemOf(outcome, UNREACHABLE);
      onChange();
    },
  );
  addEventListener("online", () => asker.retry());

  return {
    /** Why there are none, or "". */
    get trouble() {
      return trouble;
    },
    /**
     * Those of the network that answered, or null until they are loaded.
     *
     * @param {{model: string, version: string}} answer
     */
    of({ model, version }) {
      const wanted = `${model} ${version}`;
      if (known?.model === model && known.version === version) {
        if (asked !== wanted) asker.forget();
        [asked, trouble] = [wanted, ""];
        return known;
      }
      if (asked !== wanted) {
        [asked, trouble] = [wanted, ""];
        asker.ask(model, true);
      }
      return null;
    },
  };
}
