/**
 * Who is in a room and what is drawn there, in words.
 *
 * @import {Pupil} from "../page/room-stream.js"
 */

import { whole } from "../page/format.js";

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
