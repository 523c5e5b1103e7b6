/**
 * Rows of a table in the order of one of its columns.
 *
 * @template R
 * @param {(R & {id: number})[]} rows
 * @param {(row: R) => any} keyOf a number, a text, a list of numbers, or null
 * @param {boolean} isFalling
 * @returns {(R & {id: number})[]} what has no value comes last, whichever way; among equals the first id comes first
 */
export function sorted(rows, keyOf, isFalling) {
  return [...rows].sort((a, b) => {
    const [first, second] = [keyOf(a), keyOf(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null) || a.id - b.id;
    return (isFalling ? -1 : 1) * compared(first, second) || a.id - b.id;
  });
}

/**
 * Layers compare by their neurons, layer by layer.
 *
 * @param {any} a
 * @param {any} b of the same type
 */
function compared(a, b) {
  if (typeof a === "string") return a.localeCompare(b);
  if (!Array.isArray(a)) return a < b ? -1 : Number(a > b);
  const i = a.findIndex((size, at) => size !== b[at]);
  return i < 0 ? a.length - b.length : a[i] - (b[i] ?? 0);
}
