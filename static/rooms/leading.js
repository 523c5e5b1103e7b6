/** The teacher's buttons, on the projector and on the control page: what several pages do, and how one acts. */

import { all } from "../page/elements.js";
import { whole } from "../page/format.js";
import { setText } from "../page/text.js";
import { withoutField } from "./projector/projector-words.js";
import { startRuns, threeRecipes } from "./projector/training.js";
import { THREE_QUESTION } from "./room-words.js";

/**
 * @param {HTMLElement} container of buttons with `data-action`
 * @param {string} code of the room
 * @param {ReturnType<typeof import("./admin-calls.js").adminCalls>} calls
 * @param {ReturnType<typeof import("../page/notice.js").mountNotice>} notice
 * @param {(isStarting: boolean) => void} [onStarting] a run is being started, or that is done or refused
 */
export function mountLeading(container, code, { send, change }, notice, onStarting = () => {}) {
  /** @param {string} action */
  function buttonsOf(action) {
    return all(container, `[data-action=${action}]`, HTMLButtonElement);
  }

  /**
   * @param {string} action
   * @param {() => unknown} act once at a time
   */
  function on(action, act) {
    let isBusy = false;
    for (const button of buttonsOf(action)) {
      button.addEventListener("click", async () => {
        if (isBusy || button.ariaDisabled === "true") return;
        isBusy = true;
        button.setAttribute("aria-busy", "true");
        try {
          await act();
        } catch (error) {
          notice.sayError(error, withoutField);
        }
        button.removeAttribute("aria-busy");
        isBusy = false;
      });
    }
  }

  /**
   * @param {{dataset: string, also?: string}[]} recipes
   * @param {{prompt?: string}} [question] in place of the usual one
   */
  async function train(recipes, question) {
    onStarting(true);
    try {
      const runs = await startRuns(recipes);
      await change({ activity: "watch", runs, ...question });
    } finally {
      onStarting(false);
    }
  }

  on("reveal", () => send("POST", "/reveal"));
  on("three", () => train(threeRecipes(code), { prompt: THREE_QUESTION }));

  return {
    buttonsOf,
    on,
    train,
    /**
     * @param {number} ready drawings that can be turned up
     * @param {boolean} isNext whether that is what to do next
     */
    showReady(ready, isNext) {
      for (const button of buttonsOf("reveal")) {
        setText(button, ready === 0 ? "Reveal" : `Reveal ${whole(ready)}`);
        button.ariaDisabled = String(ready === 0);
        button.classList.toggle("main-button", ready > 0 && isNext);
      }
    },
  };
}
