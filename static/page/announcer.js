import { setText } from "./text.js";

/**
 * Announces only the last of a burst of texts to screen readers, once the burst is over.
 *
 * @param {HTMLElement} region an aria-live region
 * @param {number} pause in milliseconds
 * @returns {(text: string) => void}
 */
export function mountAnnouncer(region, pause) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => setText(region, text), pause);
  };
}
