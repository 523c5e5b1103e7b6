/**
 * The questions of the lesson on the network: what changed weights do to the answer.
 *
 * @typedef {import("./network-columns.js").Answer} Answer
 * @typedef {import("../predict/predictions.js").Outcome} Outcome
 * @typedef {{pixels: number[], answers: Record<string, Answer>}} Compared the answers to one digit, by the change
 */

import { post } from "../../page/api.js";
import { percent, withMinus } from "../../page/format.js";
import { changesOf } from "./network-changes.js";

const WEIGHT = 40;
// Both lead to one neuron: from a pixel under the foot of the example 7, and from the one in the corner.
const PIXEL = 600;
const TO_ONE_NEURON = { ink: `1.4.${PIXEL}_${WEIGHT}`, corner: `1.4.0_${WEIGHT}` };
// What lowers each by 0.5: the way from a pixel to the output, through the neurons that matter most for the example 7.
const LOWERED_BY = 0.5;
const WAY = { first: `1.5.${PIXEL}`, second: "2.1.5", third: "3.7.1" };
const ALONG = { second: 5, third: 1 };
const SHARED = { changes: "3.3.1_3", weight: 3, neuron: 1 };

/**
 * @param {object} page
 * @param {(state: {example: number, pick: string, changes: string}) => void} page.show
 * @param {(digit: number) => Promise<number[]>} page.inputOf the example's pixels, once it is on the sheet
 * @param {(pick: string) => number} page.trained the value of a parameter as trained
 * @returns {Record<string, import("../predict/predictions.js").Prediction>}
 */
export function networkPredictions({ show, inputOf, trained }) {
  /**
   * @param {number} digit
   * @param {Record<string, string>} changes by name; the page shows the first
   * @returns {Promise<Compared>}
   */
  async function compare(digit, changes) {
    const [first] = Object.values(changes);
    show({ example: digit, pick: first.split("_")[0], changes: first });
    const pixels = await inputOf(digit);
    const all = Object.entries({ trained: "", ...changes });
    const answers = await Promise.all(
      all.map(async ([name, text]) => [
        name,
        await post("lessons/forward", { input: pixels, network: { changes: changesOf(text) } }),
      ]),
    );
    return { pixels, answers: Object.fromEntries(answers) };
  }

  /** @param {string} name of WAY */
  const lowered = (name) => `${WAY[name]}_${Number((trained(WAY[name]) - LOWERED_BY).toPrecision(6))}`;

  return {
    pixel: {
      begin: async () => pixelOutcome(await compare(7, TO_ONE_NEURON)),
    },
    layer: {
      setUp: () => show({ example: 7, pick: WAY.third, changes: "" }),
      async begin() {
        const changes = { third: lowered("third"), second: lowered("second"), first: lowered("first") };
        return layerOutcome(await compare(7, changes));
      },
    },
    other: {
      setUp: () => show({ example: 7, pick: "3.3.1", changes: SHARED.changes }),
      begin: async () => otherOutcome(await compare(9, { shared: SHARED.changes })),
    },
  };
}

/**
 * @param {Compared} compared with the answers "ink" and "corner"
 * @returns {Outcome}
 */
export function pixelOutcome({ pixels, answers: { trained, ...others } }) {
  const changed = Object.keys(others).filter((name) => others[name].digit !== trained.digit);
  const truth = changed.length === 2 ? "both" : (changed[0] ?? "none");
  const added = (/** @type {number} */ pixel) => `${WEIGHT} · ${rough(pixel)} = ${rough(WEIGHT * pixel)}`;
  const why =
    `Under the ink, this pixel now gives the neuron ${added(pixels[PIXEL])}, and the network says ${others.ink.digit}. ` +
    `The corner is paper: ${added(pixels[0])}.`;
  return { truth, why };
}

/**
 * @param {Compared} compared with the answers by the names of WAY
 * @returns {Outcome}
 */
export function layerOutcome({ pixels, answers: { trained, ...lowered } }) {
  const share = (/** @type {string} */ name) => lowered[name].probabilities[trained.digit];
  const names = ["first", "second", "third"];
  const [truth] = [...names].sort((one, other) => share(one) - share(other));
  const [first, second] = trained.activations;
  const along = [pixels[PIXEL], first[ALONG.second], second[ALONG.third]].map(rough);
  const shares = names.map((name) => percent(share(name)));
  const why =
    `The change is multiplied. Pixel: times ${along[0]}, output ${trained.digit} stays ${shares[0].replace(">", "above ")}. ` +
    `Hidden layers: times ${along[1]}, ${shares[1]}. Output: times ${along[2]}, ${shares[2]}.`;
  return { truth, why };
}

/**
 * @param {Compared} compared with the answer "shared"
 * @returns {Outcome}
 */
export function otherOutcome({ answers: { shared } }) {
  const along = shared.activations[1][SHARED.neuron];
  const why =
    `All digits share the 13,002 numbers. For the 9, neuron 2 passes on ${rough(along)}, and ` +
    `${SHARED.weight} · ${rough(along)} = ${rough(SHARED.weight * along)} goes to output 3.`;
  return { truth: String(shared.digit), why };
}

/** @param {number} number */
function rough(number) {
  return withMinus(String(Number(number.toPrecision(3))));
}
