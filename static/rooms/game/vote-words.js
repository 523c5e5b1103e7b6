/**
 * A vote in words.
 *
 * @typedef {{is_over: boolean, question: string, options: string[], is_open: boolean, answer: number | null,
 *   voted: number}} Vote
 */

/**
 * @param {Vote} vote
 * @param {number | null} own the pupil's choice
 */
export function voteWords({ options, is_open, answer }, own) {
  const chosen = own === null ? "" : `You chose ${options[own]}.`;
  if (is_open) return own === null ? "Tap your answer." : `${chosen} You can still change it.`;
  if (answer === null) return own === null ? "The vote is closed." : `${chosen} The vote is closed.`;
  if (own === answer) return `${chosen} That is right.`;
  return `${chosen} Right is ${options[answer]}.`.trim();
}
