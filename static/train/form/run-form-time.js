/** A length of time, roughly and in words. */

const LENGTHS = /** @type {[number, string][]} */ ([
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
]);

/** A rough length of time: "about 40 seconds", "about 2 minutes". @param {number} seconds */
export function aboutWords(seconds) {
  const rounded = seconds < 10 ? Math.max(1, Math.round(seconds)) : Math.round(seconds / 5) * 5;
  // From one and a half of a unit on, the text is in that unit.
  const [length, unit] = LENGTHS.find(([length]) => rounded >= 1.5 * length) ?? LENGTHS[LENGTHS.length - 1];
  const count = Math.round(rounded / length);
  return `about ${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;
}
