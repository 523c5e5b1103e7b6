/** The teacher's switches: checkboxes that show the room's state and change it. */

import { all } from "../page/elements.js";

/**
 * @import {RoomState} from "../page/room-stream.js"
 * @typedef {"frozen" | "locked" | "names"} Switch
 */

/**
 * @param {ParentNode} container with checkboxes named after fields of the room
 * @param {(changes: Partial<RoomState>) => Promise<boolean>} change
 */
export function mountSwitches(container, change) {
  const boxes = all(container, "input[type=checkbox][data-switch]", HTMLInputElement);
  /** @type {Set<HTMLInputElement>} whose change is on its way, so that older news must not undo it */
  const sending = new Set();

  for (const box of boxes) {
    box.addEventListener("change", async () => {
      sending.add(box);
      if (!(await change({ [box.name]: box.checked }))) box.checked = !box.checked;
      sending.delete(box);
    });
  }

  return {
    /** @param {RoomState} room */
    show(room) {
      for (const box of boxes) {
        if (!sending.has(box)) box.checked = room[/** @type {Switch} */ (box.name)];
      }
    },
  };
}
