/** The network's diagram on the page of a run, with the parameters of the step that is looked at. It is loaded when it is opened. */

// As many as the diagram can draw one by one.
const MOST_NEURONS = 32;

/**
 * @param {HTMLElement} section with details, and a sentence for where there is no diagram
 * @param {{sizes: number[]}} shape
 * @param {string[]} names of the classes, for which the diagram has only numbers
 */
export function mountRunDiagram(section, { sizes }, names) {
  const details = section.querySelector("details");
  const none = section.querySelector("[data-part=none]");
  const largest = Math.max(...sizes.slice(1));
  const isDrawn = largest <= MOST_NEURONS;
  details.hidden = !isDrawn;
  none.hidden = isDrawn;
  none.textContent = `There is no diagram of this network: ${largest} neurons in one layer are too many to draw one by one.`;
  const outputs = section.querySelector("[data-part=outputs]");
  outputs.hidden = names.every((name, i) => name === String(i));
  outputs.textContent = `The outputs: ${names.map((name, i) => `${i} ${name}`).join(", ")}.`;
  /** @type {ReturnType<typeof import("../../network/diagram.js").mount> | null} */
  let diagram = null;
  /** @type {any} */
  let latest = null;

  function show() {
    if (!diagram || !details.open) return;
    if (latest) diagram.show({ answer: latest, settled: true });
    else diagram.blank();
  }

  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    if (!diagram) {
      const [{ mount }] = await Promise.all([import("../../network/diagram.js"), import("../../page/math-font.js")]);
      diagram ??= mount(details, null, () => ({ trouble: "", of: (answer) => answer.parameters }));
    }
    show();
  });
  if (isDrawn && matchMedia("(min-width: 60rem)").matches) details.open = true;

  return {
    /**
     * @param {import("./run-time-parameters.js").Parameters} parameters
     * @param {import("./run-time-frames.js").Answer | null} answer
     * @param {number[] | null} input that it is about
     */
    show(parameters, answer, input) {
      latest = answer && { ...answer, input, parameters, model: "this run", version: String(parameters.step) };
      show();
    },
  };
}
