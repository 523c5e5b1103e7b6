/**
 * What a room asks and who is in it, in words.
 *
 * @import {Pupil, RoomState} from "../page/room-stream.js"
 */

import { aDigit, whole } from "../page/format.js";

/**
 * @param {RoomState["activity"]} activity
 * @param {number | null} digit
 */
export function promptOf(activity, digit) {
  if (activity === "collect") return "Draw every digit, from 0 to 9.";
  if (activity === "watch") return "Watch it learn.";
  return digit === null ? "Draw any digit." : `Everybody draw ${aDigit(digit)}.`;
}

/** What three networks are trained for. */
export const THREE_QUESTION = "Does it read somebody it has never met?";

/** @param {Iterable<Pupil>} pupils */
export function pupilsWords(pupils) {
  const here = [...pupils].filter(({ gone }) => !gone);
  const simulated = here.filter((pupil) => pupil.simulated).length;
  if (here.length === 0) return "Nobody is in yet.";
  const all = here.length === 1 ? "1 pupil is in" : `${whole(here.length)} pupils are in`;
  if (simulated === 0) return `${all}.`;
  return simulated === here.length ? `${all}, simulated.` : `${all}, ${simulated} of them simulated.`;
}

/** @param {number} count */
export function drawings(count) {
  return count === 1 ? "1 drawing" : `${whole(count)} drawings`;
}
