/**
 * How many runs can be trained at once, in words.
 *
 * @import {Capacity} from "../types.js"
 */

/**
 * What is said above the form; "" if nothing needs to be said. Where one run is trained at a time, it follows its name.
 *
 * @param {Capacity} capacity
 */
export function capacityText(capacity) {
  const { at_once, active, queued } = capacity;
  if (at_once === 0) return "No worker can be reached now. A new run waits in the queue until one is back.";
  if (at_once === 1 && active === 0) return "";
  if (at_once === 1)
    return "is active, and only one run is trained at a time. A new run waits in the queue until it ends.";
  const now = `${at_once} runs can be trained at once: ${active || "none"} active, ${queued || "none"} queued.`;
  return mustWait(capacity) ? `${now} A new run waits in the queue.` : now;
}

/** Whether a new run can't start at once. @param {Capacity} capacity */
export function mustWait({ at_once, active, queued }) {
  return active >= at_once || queued > 0;
}
