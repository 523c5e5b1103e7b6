/** When the server answers again after it could not be reached, so that what says so can go. */

// Milliseconds for which a sentence can be read at least.
const READING = 4_000;
const line = new EventTarget();

/** The server has answered something. */
export function reached() {
  line.dispatchEvent(new Event("reached"));
}

// Only the browser's own connection, but then it is time to try again.
globalThis.addEventListener?.("online", reached);

/**
 * Calls back once, when the server has answered anything from now on, and what is said now could be read.
 *
 * @param {() => void} callback
 * @returns {() => void} stops waiting
 */
export function whenReached(callback) {
  const from = performance.now();
  let timer = 0;
  function onReached() {
    line.removeEventListener("reached", onReached);
    timer = setTimeout(callback, Math.max(0, from + READING - performance.now()));
  }
  line.addEventListener("reached", onReached);
  return () => {
    line.removeEventListener("reached", onReached);
    clearTimeout(timer);
  };
}
