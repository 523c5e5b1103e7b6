/** Deletes runs, with a notice that undoes it, and lists the deleted runs, which can be restored for a day. */

import { post, request } from "../../page/api.js";
import { when } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { fullLine, runsText } from "../run-words.js";

/** @import {DeletedRun, Presets, Run} from "../types.js" */

// The page of a run leads here after deleting its run. No element has this id, so the browser does not scroll to it.
const LED_HERE = /^#deleted=(\d+)$/;

/**
 * Deletes runs one after the other, up to the first that the server refuses.
 *
 * @param {number[]} ids
 * @returns {Promise<{deleted: number[], error: unknown}>} `error` of `request`, null when there is none
 */
export async function deleteRuns(ids) {
  /** @type {number[]} */
  const deleted = [];
  try {
    for (const id of ids) {
      await request(`admin/runs/${id}`, { method: "DELETE" });
      deleted.push(id);
    }
    return { deleted, error: null };
  } catch (error) {
    return { deleted, error };
  }
}

/**
 * @param {{notices: HTMLElement, list: HTMLDetailsElement}} parts
 * @param {Presets} presets
 * @param {{onRestored: (runs: Run[]) => void, onError: (error: unknown) => void}} listener
 */
export function mountDeleted({ notices, list }, presets, { onRestored, onError }) {
  const rows = part(list, "rows");
  /** @type {(() => void)[]} each shows what is left of a deletion */
  const shows = [];
  /** @type {DeletedRun[]} */
  let known = [];

  /** @param {number} id */
  const isKnown = (id) => known.some((run) => run.id === id);

  async function read() {
    try {
      known = await request("admin/deleted-runs");
    } catch (error) {
      onError(error);
      return; // what is listed may still be right
    }
    part(list, "summary").textContent = `Deleted (${known.length})`;
    list.hidden = known.length === 0;
    rows.replaceChildren(...known.map(rowOf));
    for (const show of shows) show();
  }

  /** @param {DeletedRun} run */
  function rowOf(run) {
    const { element } = copyOf("run-deleted-row", {
      name: run.name ? `${run.name} (run ${run.id})` : `Run ${run.id}`,
      settings: fullLine(run.settings, presets),
      when: `deleted ${when(run.deleted_at)}`,
    });
    const button = part(element, "restore");
    button.setAttribute("aria-label", `Restore run ${run.id}`);
    button.addEventListener("click", async ({ detail }) => {
      if (detail > 1) return; // the second click of a double click is not for the run that has moved up
      const place = known.indexOf(run);
      if (!(await restore([run.id]))) return;
      say([run.id]);
      // The button is gone.
      (rows.children[place] ?? rows.lastElementChild)?.querySelector("button")?.focus();
      if (list.hidden) /** @type {HTMLElement | null} */ (notices.lastElementChild)?.focus();
    });
    return element;
  }

  /**
   * @param {number[]} ids
   * @returns {Promise<boolean>} whether all of them were restored
   */
  async function restore(ids) {
    /** @type {Run[]} */
    const restored = [];
    let failure = null;
    try {
      for (const id of ids) restored.push(await post(`admin/runs/${id}/restore`));
    } catch (error) {
      failure = error;
    }
    if (restored.length > 0) onRestored(restored);
    await read();
    if (failure) onError(failure);
    return failure === null;
  }

  /** Says that runs are back. @param {number[]} ids */
  function say(ids) {
    const { element } = copyOf("run-deletion", {
      text: `${runsText(ids)} ${ids.length === 1 ? "is" : "are"} back.`,
    });
    part(element, "undo").remove();
    notices.replaceChildren(element);
    return element;
  }

  /** @param {number[]} ids that were deleted just now */
  function show(ids) {
    const { element } = copyOf("run-deletion", { text: `${runsText(ids)} deleted.` });
    const undo = part(element, "undo");
    undo.setAttribute("aria-label", `Undo deleting ${runsText(ids).toLowerCase()}`);
    undo.addEventListener("click", async () => {
      if (undo.getAttribute("aria-disabled") === "true") return;
      undo.setAttribute("aria-disabled", "true"); // a disabled button would lose the focus
      const isDone = await restore(ids);
      undo.removeAttribute("aria-disabled");
      if (isDone) say(ids).focus();
    });
    notices.append(element);
    shows.push(() => ids.some(isKnown) || element.remove());
    return element;
  }

  return {
    /** @param {number[]} ids that were deleted just now */
    async add(ids) {
      await read();
      show(ids);
    },
    /** Reads the list, and moves the focus to the deletion that led here. */
    async start() {
      await read();
      const id = Number(location.hash.match(LED_HERE)?.[1]);
      if (isKnown(id)) show([id]).focus();
    },
  };
}
