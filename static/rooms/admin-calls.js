/** The teacher's calls: what goes wrong is said in a notice. */

import { request } from "../page/api.js";

/** @import {RoomState} from "../page/room-stream.js" */

/**
 * @param {string} code of the room
 * @param {ReturnType<typeof import("../page/notice.js").mountNotice>} notice
 */
export function adminCalls(code, notice) {
  /**
   * @param {string} method
   * @param {string} path below the room
   * @param {object} [body]
   * @returns {Promise<boolean>} whether it was done
   */
  async function send(method, path, body) {
    try {
      await call(method, `admin/rooms/${code}${path}`, body);
      notice.say("");
      return true;
    } catch (error) {
      notice.sayError(error);
      return false;
    }
  }

  return {
    send,
    /** @param {Partial<RoomState>} changes */
    change: (changes) => send("PATCH", "", changes),
  };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export function call(method, path, body) {
  const headers = body && { "Content-Type": "application/json" };
  return request(path, { method, headers, body: body && JSON.stringify(body) });
}
