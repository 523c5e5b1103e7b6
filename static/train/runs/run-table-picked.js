/** What can be done with the runs that are chosen in the table: compare two to eight of them, or delete them. */

import { runsText } from "../run-words.js";

const LEAST = 2;
const MOST = 8;

/**
 * @param {HTMLElement} bar
 * @param {{onDelete: (ids: number[]) => Promise<void>, onNone: () => void}} listener
 */
export function mountPicked(bar, { onDelete, onNone }) {
  const part = (name) => bar.querySelector(`[data-part=${name}]`);
  const [compare, remove, none] = ["compare", "delete", "none"].map(part);
  /** @type {number[]} */
  let ids = [];

  const canCompare = () => ids.length >= LEAST && ids.length <= MOST;

  compare.addEventListener("click", () => {
    if (canCompare()) location.assign(`runs/compare?runs=${ids.join(",")}`);
  });
  remove?.addEventListener("click", () => {
    if (ids.length > 0) onDelete(ids);
  });
  none.addEventListener("click", () => {
    onNone();
    compare.focus(); // this button goes away
  });

  return {
    /**
     * @param {Set<number>} picked
     * @param {number[]} shown the ids of all rows that are to be seen
     */
    show(picked, shown) {
      ids = [...picked].sort((a, b) => a - b);
      const out = ids.filter((id) => !shown.includes(id)).length;
      const words = pickedWords(ids, out);
      if (part("words").textContent !== words) part("words").textContent = words;
      // Not disabled, which would take away the focus of whoever has just used them.
      compare.setAttribute("aria-disabled", String(!canCompare()));
      remove?.setAttribute("aria-disabled", String(ids.length === 0));
      none.hidden = ids.length === 0;
    },
  };
}

/**
 * @param {number[]} ids
 * @param {number} out how many of them the filter leaves out of the table
 */
function pickedWords(ids, out) {
  if (ids.length === 0) return "Choose two to eight runs to compare them.";
  const hidden =
    out === 0 ? "" : out === ids.length ? ", not in this table now" : `, ${out} of them not in this table now`;
  const chosen = `${runsText(ids)} chosen${hidden}.`;
  if (ids.length < LEAST) return `${chosen} Choose another to compare it with.`;
  return ids.length > MOST ? `${chosen} A comparison takes at most eight.` : chosen;
}
