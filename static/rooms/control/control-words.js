/**
 * What the control page says and offers for drawings and pupils.
 *
 * @import {Pupil, WallDrawing} from "../../page/room-stream.js"
 * @typedef {"waiting" | "ready" | "shown" | "hidden" | "removed"} Status
 * @typedef {Status | "all"} Filter
 * @typedef {Pupil & {rejoin_until?: string | null}} TeacherPupil
 */

import { duration, whole } from "../../page/format.js";

/** @type {Record<Status, {becomes: Status, verb: string}[]>} what the teacher can do with a drawing */
export const ACTIONS = {
  waiting: [
    { becomes: "ready", verb: "Accept" },
    { becomes: "removed", verb: "Remove" },
  ],
  ready: [
    { becomes: "shown", verb: "Show" },
    { becomes: "hidden", verb: "Hide" },
    { becomes: "removed", verb: "Remove" },
  ],
  shown: [
    { becomes: "hidden", verb: "Hide" },
    { becomes: "removed", verb: "Remove" },
  ],
  hidden: [
    { becomes: "shown", verb: "Show" },
    { becomes: "removed", verb: "Remove" },
  ],
  removed: [{ becomes: "ready", verb: "Restore" }],
};

/** @type {Record<Status, string>} */
export const STATUS_WORDS = {
  waiting: "waits for your word",
  ready: "face down",
  shown: "shown",
  hidden: "hidden",
  removed: "removed",
};

/** @param {WallDrawing} drawing @returns {Status} */
export function statusOf({ status }) {
  return /** @type {Status} */ (status ?? "ready");
}

/**
 * Those that wait first, then the newest.
 *
 * @param {Iterable<WallDrawing>} drawings
 * @param {Filter} filter
 */
export function listed(drawings, filter) {
  const rank = (/** @type {WallDrawing} */ drawing) => (statusOf(drawing) === "waiting" ? 0 : 1);
  return [...drawings]
    .filter((drawing) => filter === "all" || statusOf(drawing) === filter)
    .sort((a, b) => rank(a) - rank(b) || b.id - a.id);
}

/**
 * @param {Iterable<WallDrawing>} drawings
 * @returns {Record<Filter, number>}
 */
export function countsByStatus(drawings) {
  const counts = { all: 0, waiting: 0, ready: 0, shown: 0, hidden: 0, removed: 0 };
  for (const drawing of drawings) {
    counts.all++;
    counts[statusOf(drawing)]++;
  }
  return counts;
}

/**
 * @param {TeacherPupil} pupil
 * @param {number} now in milliseconds
 * @returns {{code: string, words: string} | null} null where no code works
 */
export function rejoinWords({ rejoin, rejoin_until }, now) {
  const left = rejoin && rejoin_until ? Date.parse(rejoin_until) - now : 0;
  if (!rejoin || left <= 0) return null;
  return { code: rejoin, words: `works once, for another ${duration(left / 1000)}` };
}

/**
 * @param {string} iso when the room will be forgotten
 * @param {number} now in milliseconds
 */
export function daysWords(iso, now) {
  const days = Math.ceil((Date.parse(iso) - now) / 86_400_000);
  return days <= 1 ? "The room will be forgotten within a day." : `The room will be forgotten in ${whole(days)} days.`;
}
