/** The test in a room: asks which round is open, and sends the answers with the key of the pupil of this tab. */

import { request } from "../../page/api.js";
import { keptInTab } from "../../page/tab.js";

/**
 * @import {Answer, Round} from "./test-state.js"
 * @typedef {{round: Round | null, first: "a" | "b", sent: Round[]}} Asked
 */

/** @param {string} code of the room */
export function testRoom(code) {
  const path = `rooms/${code}/test`;
  const key = keptInTab(`room-${code}`).read()?.key;
  const headers = { Authorization: `Bearer ${key}` };
  return {
    isMember: Boolean(key),
    kept: keptInTab(`room-${code}-test`),
    /** @returns {Promise<Asked>} */
    ask: () => request(path, { headers }),
    /** @param {Round} round @param {Answer[]} answers */
    send: (round, answers) =>
      request(path, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify({ round, answers }),
      }),
  };
}
