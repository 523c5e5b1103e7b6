/** The runs deleted in this tab, each with a button that restores it. */

import { post, request } from "../../page/api.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { runsText } from "../run-words.js";

/** @import {Run} from "../types.js" */

// In the session storage, since the page of a run leads to the page of all runs after deleting its run.
const KEPT = "deleted-runs";
const LED_HERE = "deleted-runs-led-here";

/** @returns {number[][]} each deletion's runs */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return []; // the browser keeps nothing for pages
  }
}

/** @param {number[][]} deletions */
function keep(deletions) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(deletions));
  } catch {
    // The page still has them, as long as it is open.
  }
}

/**
 * Deletes runs one after the other, up to the first that the server refuses.
 *
 * @param {number[]} ids
 * @returns {Promise<{deleted: number[], error: unknown}>} `error` of `request`, null when there is none
 */
export async function deleteRuns(ids) {
  /** @type {number[]} */
  const deleted = [];
  let failure = null;
  for (const id of ids) {
    try {
      await request(`admin/runs/${id}`, { method: "DELETE" });
      deleted.push(id);
    } catch (error) {
      failure = error;
      break;
    }
  }
  if (deleted.length > 0) keep([...kept(), deleted]);
  return { deleted, error: failure };
}

/**
 * @param {HTMLElement} list
 * @param {{onRestored: (runs: Run[]) => void, onError: (error: unknown) => void}} listener
 */
export function mountDeleted(list, { onRestored, onError }) {
  /** @param {number[]} ids */
  function add(ids) {
    const { element } = copyOf("run-deleted-row", { text: `${runsText(ids)} deleted.` });
    const undo = part(element, "undo");
    let left = ids;
    undo.setAttribute("aria-label", `Undo deleting ${runsText(ids).toLowerCase()}`);
    undo.addEventListener("click", async () => {
      if (undo.getAttribute("aria-disabled") === "true") return;
      undo.setAttribute("aria-disabled", "true"); // a disabled button would lose the focus
      const { restored, error } = await restore(left);
      undo.removeAttribute("aria-disabled");
      const isDeleted = (/** @type {number} */ id) => !restored.some((run) => run.id === id);
      left = left.filter(isDeleted);
      keep(
        kept()
          .map((deletion) => deletion.filter(isDeleted))
          .filter(({ length }) => length),
      );
      if (restored.length > 0) onRestored(restored);
      if (error) return onError(error);
      part(element, "text").textContent = ids.length === 1 ? `${runsText(ids)} is back.` : `${runsText(ids)} are back.`;
      element.focus();
      undo.remove();
    });
    list.append(element);
    return element;
  }

  for (const ids of kept()) add(ids);

  return {
    add,
    /** Moves the focus to the newest deletion, if the page of the deleted run led here. */
    focusNew() {
      if (hasLedHere()) /** @type {HTMLElement | null} */ (list.lastElementChild)?.focus();
    },
  };
}

/** Goes to the page of all runs, which offers to undo the deletion. */
export function leadToUndo() {
  try {
    // Not in the fragment: the browser scrolls to that late, and takes the focus away again.
    sessionStorage.setItem(LED_HERE, "yes");
  } catch {
    // Without storage there is nothing to undo either.
  }
  location.assign("runs");
}

function hasLedHere() {
  try {
    const hasLed = sessionStorage.getItem(LED_HERE) !== null;
    sessionStorage.removeItem(LED_HERE);
    return hasLed;
  } catch {
    return false;
  }
}

/**
 * @param {number[]} ids
 * @returns {Promise<{restored: Run[], error: unknown}>}
 */
async function restore(ids) {
  /** @type {Run[]} */
  const restored = [];
  try {
    for (const id of ids) restored.push(await post(`admin/runs/${id}/restore`));
    return { restored, error: null };
  } catch (error) {
    return { restored, error };
  }
}
