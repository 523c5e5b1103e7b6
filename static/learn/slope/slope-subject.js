/** The reader's digit and the digit that was meant, for the cost of one digit. The sheet loads when first needed. */

import { keepLoading } from "../../page/keep-loading.js";
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
  /** @type {number | null | undefined} the label of the last example, null for strokes */
  let lastMeant;

  async function mount() {
    isMounted = true;
    const { mountOwnDrawing } = await keepLoading(() => import("../../sheet/own-drawing.js"));
    mountOwnDrawing(document.getElementById("own-drawing"), state, (answer) => {
      drawn = answer;
      // Another example has another label. The first one comes with the address, which may say what was meant.
      const isAnother =
        answer !== null && answer.meant !== null && lastMeant !== undefined && answer.meant !== lastMeant;
      if (answer) lastMeant = answer.meant;
      if (isAnother) state.set({ meant: undefined });
      onChange();
    });
  }

  select.addEventListener("change", () => state.set({ meant: Number(select.value) }));

  return {
    /**
     * @param {boolean} isNeeded
     * @returns {{input: number[], digit: number} | null} null when it isn't needed or nothing is drawn
     */
    show(isNeeded) {
      element.hidden = !isNeeded;
      if (isNeeded && !isMounted) mount();
      if (!isNeeded || !drawn) return null;
      const digit = state.get().meant ?? drawn.meant ?? drawn.digit;
      select.value = String(digit);
      return { input: drawn.input, digit };
    },
  };
}
