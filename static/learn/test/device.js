/** What this browser keeps on the device for the test, beyond the tab. */

const KEY = "descent-test";

export const device = {
  /** @returns {boolean} whether it keeps anything for pages: in a private window it may not */
  get keeps() {
    try {
      localStorage.setItem(`${KEY}-try`, "");
      localStorage.removeItem(`${KEY}-try`);
      return true;
    } catch {
      return false;
    }
  },
  /** @returns {any} null where nothing is kept, or nothing that can be read */
  read() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "null");
    } catch {
      return null;
    }
  },
  /** @param {unknown} value */
  write(value) {
    try {
      localStorage.setItem(KEY, JSON.stringify(value));
    } catch {
      // Then it is kept until the page is left.
    }
  },
  /** @param {string | null} key of a change in another tab; null where all was deleted */
  isChanged: (key) => key === KEY || key === null,
  forget() {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Nothing is kept.
    }
  },
};
