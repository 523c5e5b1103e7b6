/** Where the ink of a picture is, for those who can't see it. */

/**
 * "ink in rows 5 to 24 of 28, columns 8 to 20 of 28".
 *
 * @param {{width: number, height: number, pixels: ArrayLike<number>}} picture 0 is paper
 */
export function inkPlace({ width, height, pixels }) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  Array.from(pixels).forEach((ink, i) => {
    if (ink === 0) return;
    const [row, column] = [Math.floor(i / width), i % width];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
  });
  if (right < 0) return "no ink";
  return `ink in rows ${top + 1} to ${bottom + 1} of ${height}, columns ${left + 1} to ${right + 1} of ${width}`;
}

/** What a network saw. @param {ArrayLike<number>} input 784 numbers */
export function seenWords(input) {
  return `The 28 by 28 pixels that the network saw: ${inkPlace({ width: 28, height: 28, pixels: input })}`;
}
