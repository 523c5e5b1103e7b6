/** Counts the steps of the copy, for Undo. Learning always starts from the served network, so a count is enough. */

/** @param {number} most */
export function countedSteps(most) {
  let counts = [0];
  return {
    get count() {
      return counts.at(-1);
    },
    /** How many steps Undo would take back. */
    get undoable() {
      return counts.at(-1) - (counts.at(-2) ?? 0);
    },
    get isFull() {
      return counts.at(-1) >= most;
    },
    /** @param {number} more as many of them as there is room for */
    take(more) {
      const next = Math.min(most, counts.at(-1) + more);
      if (next > counts.at(-1)) counts.push(next);
    },
    undo() {
      if (counts.length > 1) counts.pop();
    },
    startOver() {
      counts = [0];
    },
  };
}
