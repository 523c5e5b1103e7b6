/** Who this tab is in the room: joins it at once, and comes back as the same pupil after a reload. */

import { Problem, Unreachable } from "../../page/api.js";
import { keptInTab, newToken } from "../../page/tab.js";

/** @typedef {{token: string, key: string | null, pupil: number, name: string}} Me the token is for joining */

const FIRST_RETRY = 1_000;
const LAST_RETRY = 8_000;
/** @type {Record<number, string>} why nobody joins, by the status of the answer */
const NOT_JOINED = { 404: "over", 409: "locked", 429: "full" };
/** @type {Record<number, string>} why a pupil is out, by the status of any other answer */
const PUT_OUT = { 401: "lost", 403: "removed", 404: "over" };

/**
 * @param {string} code
 * @param {{
 *   onInside: () => void,
 *   onOutside: (reason: string, detail: string) => void,
 * }} listener `reason` is one of OUTSIDE in pupil-words.js
 */
export function mountMembership(code, { onInside, onOutside }) {
  const kept = keptInTab(`room-${code}`);
  /** @type {Me} */
  let me = { ...nobody(), ...kept.read() };
  let isJoining = false;
  let failures = 0;
  let timer = 0;

  /** @param {Partial<Me>} change */
  function take(change) {
    me = { ...me, ...change };
    kept.write(me);
  }

  /** @param {(token: string) => Promise<Me>} call */
  async function join(call) {
    if (isJoining) return;
    isJoining = true;
    clearTimeout(timer);
    take({}); // the token first: if the answer is lost, the same pupil joins after a reload
    if (failures === 0) onOutside("joining", "");
    try {
      take(await call(me.token));
      failures = 0;
      onInside();
    } catch (error) {
      notJoined(error, call);
    } finally {
      isJoining = false;
    }
  }

  /** @param {unknown} error @param {(token: string) => Promise<Me>} call */
  function notJoined(error, call) {
    if (error instanceof Unreachable || (error instanceof Problem && error.status >= 500)) {
      timer = setTimeout(() => join(call), Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures++));
      onOutside("unreachable", "");
    } else if (error instanceof Problem) {
      failures = 0;
      onOutside(NOT_JOINED[error.status] ?? "refused", error.detail);
    } else throw error;
  }

  return {
    get me() {
      return me;
    },
    take,
    /** Comes back, or joins. @param {(token: string) => Promise<Me>} call */
    enter: (call) => (me.key ? onInside() : join(call)),
    /** @param {(token: string) => Promise<Me>} call */
    joinAsNew(call) {
      me = nobody();
      return join(call);
    },
    /** @param {unknown} error of a call with the pupil's key, which may put the pupil out of the room */
    putOut(error) {
      if (error instanceof Problem && error.status in PUT_OUT) onOutside(PUT_OUT[error.status], error.detail);
      else if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    },
  };
}

/** @returns {Me} */
function nobody() {
  return { token: newToken(), key: null, pupil: 0, name: "" };
}
