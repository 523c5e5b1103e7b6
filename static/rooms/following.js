/** Says that the phones follow a lesson, and stops it, where the page that leads it could not. */

import { one } from "../page/elements.js";
import { part } from "../page/part.js";

/**
 * @import {RoomState} from "../page/room-stream.js"
 * @param {ParentNode} container
 * @param {(changes: Partial<RoomState>) => Promise<boolean>} change
 */
export function mountFollowing(container, change) {
  const line = part(container, "following");
  one(line, "button").addEventListener("click", () => change({ follow: null }));
  return {
    /** @param {RoomState} room */
    show(room) {
      line.hidden = !room.follow;
    },
  };
}
