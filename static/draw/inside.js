/**
 * The sections below the drawing that show what the network sees and thinks. A section's module is loaded when the
 * section is first opened, and gets answers only while it is open.
 *
 * @typedef {{answer: any, picture: Blob, label: number | null, settled: boolean}} Answered `answer` of /predict with
 *   explain=true, the `picture` that was sent, the digit that it is known to be, and whether no stroke is under way
 * @typedef {{show: (answered: Answered) => void, blank: () => void}} Section
 *
 * What a section may do to the page; `network` is the name of the one that answers.
 * `lay` puts a picture on the sheet, with its label where that is known.
 * @typedef {{readonly network: string, choose: (network: string) => void,
 *   lay: (picture: Blob, known?: {label: number}) => void}} Page
 */

import { all } from "../page/elements.js";
import { keepLoading } from "../page/keep-loading.js";
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
  function update(section) {
    if (latest) section.show(latest);
    else section.blank();
  }

  function updateOpen() {
    for (const [details, section] of mounted) if (details.open) update(section);
  }

  for (const details of all(container, "[data-module]", HTMLDetailsElement)) {
    let isLoading = false;
    details.addEventListener("toggle", async () => {
      if (!details.open || isLoading) return;
      if (!mounted.has(details)) {
        isLoading = true;
        const { mount } = await keepLoading(() => import(`../${details.dataset.source}`));
        mounted.set(details, mount(part(details, "body"), page));
        isLoading = false;
      }
      if (details.open) update(mounted.get(details));
    });
  }

  return {
    /** @param {Answered} answered */
    answered(answered) {
      latest = answered;
      updateOpen();
    },
    blank() {
      latest = null;
      updateOpen();
    },
  };
}
