/**
 * A part of the page that is filled from the server once for each key. The latest key wins. When no answer comes,
 * the part keeps its content and shows a notice with a button that tries again. Once the server can be reached again, it
 * tries by itself.
 */

import { sentenceOf, Unreachable } from "./api.js";
import { one } from "./elements.js";
import { part } from "./part.js";
import { whenReached } from "./reached.js";
import { setText } from "./text.js";

/**
 * @template T
 * @param {HTMLElement} element with a notice of the template fetched-part.html
 * @param {(data: T) => void} show
 */
export function mountFetchedPart(element, show) {
  const notice = part(element, "fetched-notice");
  const [text, again] = [one(notice, "span"), one(notice, "button")];
  /** @type {Map<string, T>} */
  const kept = new Map();
  /** @type {AbortController | null} */
  let flight = null;
  let stopWaiting = () => {};
  let wanted = "";
  /** @type {(signal: AbortSignal) => Promise<T>} */
  let load;

  async function fetchWanted() {
    flight?.abort();
    stopWaiting();
    flight = new AbortController();
    const { signal } = flight;
    const key = wanted;
    element.ariaBusy = "true";
    try {
      const data = kept.get(key) ?? (await load(signal));
      if (signal.aborted) return;
      kept.set(key, data);
      show(data);
      say("");
    } catch (error) {
      if (signal.aborted) return;
      say(sentenceOf(error));
      if (error instanceof Unreachable) stopWaiting = whenReached(fetchWanted);
    }
    element.ariaBusy = "false";
  }

  /** @param {string} sentence */
  function say(sentence) {
    // The focus would be lost with the button.
    if (sentence === "" && notice.contains(document.activeElement)) element.focus();
    setText(text, sentence);
    notice.hidden = sentence === "";
  }

  again.addEventListener("click", fetchWanted);

  return {
    /**
     * @param {string} key
     * @param {(signal: AbortSignal) => Promise<T>} loadIt asked only when there is nothing for the key yet
     */
    want(key, loadIt) {
      if (key === wanted) return;
      [wanted, load] = [key, loadIt];
      fetchWanted();
    },
    /**
     * Keeps data under another key too.
     *
     * @param {string} key
     * @param {T} data
     */
    keep(key, data) {
      kept.set(key, data);
    },
  };
}
