/**
 * The sections below the drawing that show what the network sees and thinks. A section's module comes when the
 * section is opened for the first time, and is told about answers only while it is open.
 *
 * @typedef {{answer: any, picture: Blob, settled: boolean}} Answered `answer` of /predict with explain=true, the
 *   `picture` that was sent, and whether no stroke is under way
 * @typedef {{show: (answered: Answered) => void, blank: () => void}} Section
 *
 * What a section may do to the page; `network` is the name of the one that answers.
 * @typedef {{readonly network: string, choose: (network: string) => void, lay: (picture: Blob) => void}} Page
 */

import { all } from "../page/elements.js";
import "../page/math-font.js";
import { part } from "../page/part.js";

/**
 * @param {HTMLElement} container
 * @param {Page} page
 */
export function mountInside(container, page) {
  /** @type {Answered | null} */
  let latest = null;
  /** @type {Map<HTMLDetailsElement, Section>} */
  const mounted = new Map();

  /** @param {Section} section */
  function tell(section) {
    if (latest) section.show(latest);
    else section.blank();
  }

  function tellOpen() {
    for (const [details, section] of mounted) if (details.open) tell(section);
  }

  for (const details of all(container, "[data-module]", HTMLDetailsElement)) {
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      if (!mounted.has(details)) {
        const { mount } = await import(`../${details.dataset.source}`);
        if (!mounted.has(details)) mounted.set(details, mount(part(details, "body"), page));
      }
      tell(mounted.get(details));
    });
  }

  return {
    /** @param {Answered} answered */
    answered(answered) {
      latest = answered;
      tellOpen();
    },
    blank() {
      latest = null;
      tellOpen();
    },
  };
}
