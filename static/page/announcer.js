import { setText } from "./text.js";

/**
 * A screen reader reads out the last of a burst of texts, once the burst is over: reading out each would never end.
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
