/** The strip below the wall with which the teacher leads: what the class does, its next step, and the switches. */

import { request } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { setText } from "../../page/text.js";
import { mountFollowing } from "../following.js";
import { mountLeading } from "../leading.js";
import { mountSwitches } from "../switches.js";
import { nextWords } from "./projector-words.js";
import { liveRecipe, stopRuns } from "./training.js";

/**
 * @import {RoomState} from "../../page/room-stream.js"
 * @typedef {RoomState["activity"]} Activity
 */

const ACTIVE = ["queued", "starting", "running", "stopping", "paused"];
const SIMULATED = 5;

/**
 * @param {HTMLElement} strip
 * @param {string} code
 * @param {ReturnType<typeof import("../admin-calls.js").adminCalls>} calls
 * @param {ReturnType<typeof import("../../page/notice.js").mountNotice>} notice
 * @param {(isStarting: boolean) => void} onStarting a run is being started, or that is done or refused
 */
export function mountLead(strip, code, calls, notice, onStarting) {
  const { change } = calls;
  const { buttonsOf, on, showReady, train } = mountLeading(strip, code, calls, notice, onStarting);
  const switches = mountSwitches(strip, change);
  const following = mountFollowing(strip, change);
  const activities = all(strip, "[data-activity]", HTMLButtonElement);
  const digits = all(strip, "[data-digit]", HTMLButtonElement);
  const panels = all(strip, "[data-panel]");
  const next = one(strip, "#next-step");
  /** @type {RoomState | null} */
  let room = null;
  const data = one(strip, "#live-data", HTMLSelectElement);

  for (const button of activities) {
    const activity = /** @type {Activity} */ (button.dataset.activity);
    button.addEventListener("click", () => change({ activity }));
  }
  for (const button of digits) {
    button.addEventListener("click", () => {
      const digit = button.dataset.digit === "" ? null : Number(button.dataset.digit);
      change({ activity: "draw", digit });
    });
  }
  on("simulate", () => calls.send("POST", "/simulated", { count: SIMULATED }));
  on("live", () => {
    const isOwn = data.value === "own";
    return train([liveRecipe(code, isOwn)]);
  });
  on("stop", () => room && stopRuns(room.runs));

  /** The class's own drawings come first where they are enough: their network learns slowly enough to watch. */
  async function offerOwn() {
    try {
      const { held_out } = await request(`datasets/room-${code}`);
      const own = one(data, "[value=own]", HTMLOptionElement);
      if (held_out === 0 || data.options[0] === own) return;
      data.prepend(own);
      data.value = "own";
    } catch {
      // The menu stays as it is.
    }
  }

  return {
    /**
     * @param {RoomState} now
     * @param {Parameters<typeof nextWords>[1]} counts
     */
    show(now, counts) {
      if (now.activity === "watch" && room?.activity !== "watch") offerOwn();
      room = now;
      switches.show(now);
      following.show(now);
      for (const button of activities) press(button, button.dataset.activity === now.activity);
      for (const button of digits) press(button, button.dataset.digit === String(now.digit ?? ""));
      for (const panel of panels) panel.hidden = panel.dataset.panel !== now.activity;
      setText(next, nextWords(now, counts));
      showReady(counts.ready, now.activity === "draw");
      const [start] = buttonsOf("live");
      const [stop] = buttonsOf("stop");
      const isActive = counts.runs.some((run) => ACTIVE.includes(run));
      const hadFocus = [start, stop].some((button) => button === document.activeElement);
      start.hidden = isActive;
      stop.hidden = !isActive;
      if (hadFocus) (isActive ? stop : start).focus();
    },
  };
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isPressed
 */
function press(button, isPressed) {
  button.setAttribute("aria-pressed", String(isPressed));
}
