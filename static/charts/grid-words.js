/** What a grid of numbers shows, in plain words. Rows and columns are counted from 1. */

import { twoDigits } from "./course-words.js";

/**
 * "Lowest: −0.31 in row 5, column 12. Highest: 0.42 in row 20, column 9."
 *
 * @param {ArrayLike<number>} values row by row
 * @param {number} columns
 */
export function gridWords(values, columns) {
  if (values.length === 0) return "Nothing yet.";
  const numbers = Array.from(values);
  const [low, high] = [minOf(numbers), -minOf(numbers.map((number) => -number))];
  if (!(low < high)) return `Each is ${twoDigits(low)}.`;
  const rows = numbers.length / columns;
  /** @param {number} number */
  const told = (number) => {
    const index = numbers.indexOf(number);
    const row = rows > 1 ? `row ${Math.floor(index / columns) + 1}, ` : "";
    return `${twoDigits(number)} in ${row}column ${(index % columns) + 1}`;
  };
  return `Lowest: ${told(low)}. Highest: ${told(high)}.`;
}

/** @param {number[]} numbers */
function minOf(numbers) {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}
