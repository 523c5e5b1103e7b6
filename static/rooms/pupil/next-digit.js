/** Which digit a pupil draws next for the room's own data set. */

/**
 * @param {{label: number | null, status?: string}[]} drawings
 * @returns {number[]} how many there are of each digit, without the removed ones
 */
export function countsOf(drawings) {
  const counts = Array(10).fill(0);
  for (const { label, status } of drawings) if (label !== null && status !== "removed") counts[label]++;
  return counts;
}

/**
 * @param {number[]} counts of each digit
 * @param {number} pupil who begins at a digit of their own, so that a class that stops early has all digits
 * @returns {number} the digit that was drawn least
 */
export function nextDigit(counts, pupil) {
  const inOrder = counts.map((_, i) => (pupil + i) % counts.length);
  return inOrder.reduce((least, digit) => (counts[digit] < counts[least] ? digit : least));
}
