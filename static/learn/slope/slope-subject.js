/** One's own digit as what the cost is about, and the digit that it was meant to be. Loaded when it is wanted first. */

import { part } from "../../page/part.js";

/**
 * @param {HTMLElement} element around templates/own-drawing.html and a select
 * @param {import("../../page/address-state.js").AddressState} state
 * @param {() => void} onChange
 */
export function mountSubject(element, state, onChange) {
  const select = part(element, "meant", HTMLSelectElement);
  let isMounted = false;
  /** @type {import("../../sheet/own-drawing.js").Input | null} */
  let drawn = null;
  /** @type {number | null | undefined} the example that was laid last, null for strokes */
  let laid;

  async function mount() {
    isMounted = true;
    const { mountOwnDrawing } = await import("../../sheet/own-drawing.js");
    mountOwnDrawing(document.getElementById("own-drawing"), state, (answer) => {
      drawn = answer;
      // Another example was meant to be another digit; the first comes with the address, which may know better.
      const isAnother = answer !== null && answer.meant !== null && laid !== undefined && answer.meant !== laid;
      if (answer) laid = answer.meant;
      if (isAnother) state.set({ meant: undefined });
      onChange();
    });
  }

  select.addEventListener("change", () => state.set({ meant: Number(select.value) }));

  return {
    /**
     * @param {boolean} isWanted
     * @returns {{input: number[], digit: number} | null} null when it is not wanted, or nothing is drawn
     */
    show(isWanted) {
      element.hidden = !isWanted;
      if (isWanted && !isMounted) mount();
      if (!isWanted || !drawn) return null;
      const digit = state.get().meant ?? drawn.meant ?? drawn.digit;
      select.value = String(digit);
      return { input: drawn.input, digit };
    },
  };
}
