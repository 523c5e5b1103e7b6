/** The lesson that the phones of a room follow, and whether this tab has left it to explore on its own. */

import { keptInTab } from "./tab.js";

/**
 * @param {string} follow of the room's state, such as "learn/slope?at=1"
 * @param {string} code of the room
 * @param {string} base of this server's addresses
 * @returns {URL} where a phone of the room shows that lesson
 */
export function followedAddress(follow, code, base = document.baseURI) {
  const address = new URL(follow, base);
  address.searchParams.set("room", code);
  return address;
}

/** @param {string} code of the room */
export function explores(code) {
  const kept = keptInTab(`room-${code}-explores`);
  return { read: () => kept.read() === true, write: kept.write };
}
