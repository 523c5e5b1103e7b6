/**
 * Which digit is on the sheet of a lesson, for what has to wait for an example.
 *
 * @typedef {import("../sheet/own-drawing.js").Input} Input
 */

export function drawnExample() {
  /** @type {Input | null} */
  let drawn = null;
  /** @type {Set<() => void>} */
  const waiting = new Set();

  return {
    /** @param {Input | null} input the newest answer of own-drawing.js */
    set(input) {
      drawn = input;
      for (const look of waiting) look();
    },

    /**
     * @param {number} digit
     * @returns {Promise<number[]>} the example's 784 numbers, once it is on the sheet
     */
    inputOf(digit) {
      return new Promise((resolve) => {
        const look = () => {
          if (drawn?.meant !== digit) return;
          waiting.delete(look);
          resolve(drawn.input);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
