/** The buttons for the runs chosen in the table: compare two to eight of them, or delete them. */

import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { runsText } from "../run-words.js";

const MIN_COMPARED = 2;
const MAX_COMPARED = 8;

/**
 * @param {HTMLElement} bar
 * @param {{onDelete?: (ids: number[]) => Promise<void>, onNone: () => void}} listener
 */
export function mountPicked(bar, { onDelete, onNone }) {
  const [words, compare, none] = ["words", "compare", "none"].map((name) => part(bar, name));
  const remove = bar.querySelector("[data-part=delete]"); // only for the admin, and not on every page
  /** @type {number[]} */
  let ids = [];

  const canCompare = () => ids.length >= MIN_COMPARED && ids.length <= MAX_COMPARED;

  compare.addEventListener("click", () => {
    if (canCompare()) location.assign(`runs/compare?runs=${ids.join(",")}`);
  });
  remove?.addEventListener("click", () => {
    if (ids.length > 0) onDelete?.(ids);
  });
  none.addEventListener("click", () => {
    onNone();
    compare.focus(); // this button is hidden now
  });

  return {
    /**
     * @param {Set<number>} picked
     * @param {number[]} shown the ids of all visible rows
     */
    show(picked, shown) {
      ids = [...picked].sort((a, b) => a - b);
      const out = ids.filter((id) => !shown.includes(id)).length;
      setText(words, pickedWords(ids, out));
      // A disabled button would lose the focus.
      compare.setAttribute("aria-disabled", String(!canCompare()));
      remove?.setAttribute("aria-disabled", String(ids.length === 0));
      none.hidden = ids.length === 0;
    },
  };
}

/**
 * @param {number[]} ids
 * @param {number} out how many of them the filter hides
 */
function pickedWords(ids, out) {
  if (ids.length === 0) return "Choose two to eight runs to compare them.";
  const hidden =
    out === 0 ? "" : out === ids.length ? ", not in this table now" : `, ${out} of them not in this table now`;
  const chosen = `${runsText(ids)} chosen${hidden}.`;
  if (ids.length < MIN_COMPARED) return `${chosen} Choose another to compare it with.`;
  return ids.length > MAX_COMPARED ? `${chosen} You can compare at most eight.` : chosen;
}
