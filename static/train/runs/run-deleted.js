/** What was deleted from this page or on the way to it, each with its way back. */

import { post, request } from "../../page/api.js";
import { copyOf } from "../../page/template.js";
import { runsText } from "../run-words.js";

// In the browser's tab: the page of a run leads to that of all runs once it has deleted its run.
const KEPT = "deleted-runs";
const LED_HERE = "deleted-runs-led-here";

/** @returns {number[][]} each deletion's runs */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return []; // a browser that keeps nothing for pages
  }
}

function keep(deletions) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(deletions));
  } catch {
    // The page still has them, as long as it is open.
  }
}

/**
 * Deletes runs, one after the other, up to the first that can't be.
 *
 * @param {number[]} ids
 * @returns {Promise<{deleted: number[], error: unknown}>} `error` of `request`, null when there is none
 */
export async function deleteRuns(ids) {
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
 * @param {{onRestored: (runs: any[]) => void, onError: (error: unknown) => void}} listener
 */
export function mountDeleted(list, { onRestored, onError }) {
  function add(ids) {
    const { element, part } = copyOf("run-deleted-row", { text: `${runsText(ids)} deleted.` });
    const undo = part("undo");
    let left = ids;
    undo.setAttribute("aria-label", `Undo deleting ${runsText(ids).toLowerCase()}`);
    undo.addEventListener("click", async () => {
      if (undo.getAttribute("aria-disabled") === "true") return;
      undo.setAttribute("aria-disabled", "true"); // not disabled, which would lose the focus
      const { restored, error } = await restore(left);
      undo.removeAttribute("aria-disabled");
      left = left.filter((id) => !restored.some((run) => run.id === id));
      keep(
        kept()
          .map((deletion) => deletion.filter((id) => !restored.some((run) => run.id === id)))
          .filter(({ length }) => length),
      );
      if (restored.length > 0) onRestored(restored);
      if (error) return onError(error);
      part("text").textContent = ids.length === 1 ? `${runsText(ids)} is back.` : `${runsText(ids)} are back.`;
      element.focus();
      undo.remove();
    });
    list.append(element);
    return element;
  }

  for (const ids of kept()) add(ids);

  return {
    add,
    /** Moves the focus to the newest deletion, if that is what led to this page. */
    focusNew() {
      if (hasLedHere()) list.lastElementChild?.focus();
    },
  };
}

/** Goes to the page of all runs, which offers to undo what was just deleted. */
export function leadToUndo() {
  try {
    // No fragment of the address, which a browser goes to late, taking away the focus that is given there.
    sessionStorage.setItem(LED_HERE, "yes");
  } catch {
    // Then nothing is kept to undo either.
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

async function restore(ids) {
  const restored = [];
  try {
    for (const id of ids) restored.push(await post(`admin/runs/${id}/restore`));
    return { restored, error: null };
  } catch (error) {
    return { restored, error };
  }
}
