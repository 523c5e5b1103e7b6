/** What a phone asks the server in a game and in a vote. All calls throw Problem or Unreachable of page/api.js. */

import { request } from "../../page/api.js";

/**
 * @param {string} code
 * @param {() => string | null} keyOf the pupil's key
 */
export function gameCalls(code, keyOf) {
  const room = `rooms/${code}`;
  const withKey = () => ({ Authorization: `Bearer ${keyOf()}` });

  /** @param {string} path @param {object} [body] */
  function post(path, body = {}) {
    const headers = { "Content-Type": "application/json", ...withKey() };
    return request(`${room}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  return {
    /** @param {string[]} names */
    neurons: (names) => request(`${room}/game/neurons?${query(names)}`, { headers: withKey() }),
    /** @param {number[]} digits the numbers of the drawings */
    inputs: (digits) => request(`${room}/game/inputs?${query(digits)}`),
    /** @param {object} numbers of PhaseNumbers */
    passOn: (numbers) => post("game/numbers", numbers),
    awake: () => post("game/awake"),
    /** @param {string} name such as "2-15" */
    hold: (name) => post(`game/neurons/${name}`),
    /** @param {number} option counted from 0 */
    vote: (option) => post("vote", { option }),
  };
}

/** @param {(string | number)[]} values */
function query(values) {
  return values.map((value) => `of=${value}`).join("&");
}
