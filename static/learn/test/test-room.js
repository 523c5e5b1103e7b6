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
  const { key = null, pupil = 0 } = keptInTab(`room-${code}`).read() ?? {};
  const headers = { Authorization: `Bearer ${key}` };
  return {
    isMember: key !== null,
    kept: keptInTab(`room-${code}-test-${pupil}`),
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
