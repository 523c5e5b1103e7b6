/** The runs that wait in the queue, in their order, each with a button that cancels it. */

import { post } from "../../page/api.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { fullLine } from "../run-words.js";

/**
 * @import {Presets, Run} from "../types.js"
 *
 * @param {HTMLElement} list
 * @param {Presets} presets
 * @param {{onCancel: () => void, onEmpty: () => void, onError: (error: unknown) => void}} listener `onCancel` when a run
 *   has left the queue, `onEmpty` when the last one took the focus with it
 */
export function mountQueue(list, presets, { onCancel, onEmpty, onError }) {
  let shown = "";

  /** @param {Run} run */
  function rowOf(run) {
    const { element } = copyOf("run-form-queued", {
      link: run.name || `Run ${run.id}`,
      settings: fullLine(run.settings, presets),
    });
    part(element, "link", HTMLAnchorElement).href = `runs/${run.id}`;
    const cancel = part(element, "cancel");
    cancel.setAttribute("aria-label", `Cancel run ${run.id}`);
    cancel.addEventListener("click", async ({ detail }) => {
      if (detail > 1) return; // the second click of a double click is not for the run that has moved up
      try {
        await post(`admin/runs/${run.id}/stop`);
        onCancel();
      } catch (error) {
        onError(error);
      }
    });
    return element;
  }

  return {
    /** @param {Run[]} runs */
    show(runs) {
      const waiting = runs.filter(({ place }) => place !== null).sort((a, b) => Number(a.place) - Number(b.place));
      const now = waiting.map(({ id, name }) => `${id} ${name}`).join();
      if (now === shown) return; // the focus stays
      shown = now;
      const place = [...list.children].findIndex((row) => row.contains(document.activeElement));
      list.replaceChildren(...waiting.map(rowOf));
      list.hidden = waiting.length === 0;
      if (place < 0) return;
      if (list.hidden) onEmpty();
      else (list.children[place] ?? list.lastElementChild)?.querySelector("button")?.focus();
    },
  };
}
