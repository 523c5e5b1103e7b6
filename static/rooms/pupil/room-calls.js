/** What a pupil asks the server. All calls throw Problem or Unreachable of page/api.js. */

import { request } from "../../page/api.js";

/**
 * @param {string} code
 * @param {() => string | null} keyOf the pupil's key
 */
export function roomCalls(code, keyOf) {
  const room = `rooms/${code}`;
  const withKey = () => ({ Authorization: `Bearer ${keyOf()}` });

  /** @param {string} path @param {object} body @param {Record<string, string>} headers */
  function post(path, body, headers) {
    const json = { "Content-Type": "application/json", ...headers };
    return request(path, { method: "POST", headers: json, body: JSON.stringify(body) });
  }

  return {
    events: `${room}/events`,
    /** @param {string} token the same for the same tab */
    join: (token) => post(`${room}/pupils`, {}, { "Idempotency-Key": token }),
    /** @param {string} rejoin the short code */
    rejoin: (rejoin) => post(`${room}/pupils`, { rejoin }, {}),
    /** @param {import("./outbox.js").Sent} drawing */
    draw: ({ token, round, label, strokes }) =>
      post(`${room}/drawings`, { label, round, strokes }, { ...withKey(), "Idempotency-Key": token }),
    own: () => request(`${room}/pupils/me`, { headers: withKey() }),
    /** @param {number} run @param {number} step */
    answers: (run, step) => request(`${room}/pupils/me/answers?run=${run}&step=${step}`, { headers: withKey() }),
  };
}
