/** The network's diagram on the page of a run, with the parameters of the chosen step. Loaded when it is opened. */

import { one } from "../../page/elements.js";
import { keepLoading } from "../../page/keep-loading.js";
import { part } from "../../page/part.js";

/**
 * @import {mount} from "../../network/diagram.js"
 * @import {Answer} from "./run-time-frames.js"
 * @import {Parameters} from "./run-time-parameters.js"
 */

// In one layer; the diagram draws them one by one.
const MAX_NEURONS = 32;

/**
 * @param {HTMLElement} section with details, and a sentence for where there is no diagram
 * @param {{sizes: number[]}} shape
 * @param {string[]} names of the classes; the diagram itself shows their numbers
 */
export function mountRunDiagram(section, { sizes }, names) {
  const details = one(section, "details", HTMLDetailsElement);
  const none = part(section, "none");
  const largest = Math.max(...sizes.slice(1));
  const isDrawn = largest <= MAX_NEURONS;
  details.hidden = !isDrawn;
  none.hidden = isDrawn;
  none.textContent = `There is no diagram of this network: ${largest} neurons in one layer are too many to draw one by one.`;
  const outputs = part(section, "outputs");
  outputs.hidden = names.every((name, i) => name === String(i));
  outputs.textContent = `The outputs: ${names.map((name, i) => `${i} ${name}`).join(", ")}.`;
  /** @type {ReturnType<typeof mount> | null} */
  let diagram = null;
  let isLoading = false;
  /** @type {(Answer & {input: number[], parameters: Parameters, model: string, version: string}) | null} */
  let latest = null;

  function show() {
    if (!diagram || !details.open) return;
    if (latest) diagram.show({ answer: latest, settled: true });
    else diagram.blank();
  }

  details.addEventListener("toggle", async () => {
    if (!details.open || isLoading) return;
    if (!diagram) {
      isLoading = true;
      const [{ mount }] = await keepLoading(() =>
        Promise.all([import("../../network/diagram.js"), import("../../page/math-font.js")]),
      );
      diagram = mount(details, null, () => ({ trouble: "", of: (answer) => answer.parameters }));
      isLoading = false;
    }
    show();
  });
  if (isDrawn && matchMedia("(min-width: 60rem)").matches) details.open = true;

  return {
    /**
     * @param {Parameters} parameters
     * @param {Answer | null} answer
     * @param {number[] | null} input that was answered
     */
    show(parameters, answer, input) {
      latest = answer && input && { ...answer, input, parameters, model: "this run", version: String(parameters.step) };
      show();
    },
  };
}
