/**
 * The questions of votes that the projector can answer by itself, and what it says of a vote.
 *
 * @typedef {{is_over: boolean, question?: string, options?: string[], is_open?: boolean, answer?: number | null,
 *   voted?: number, counts?: number[] | null}} Vote
 * @typedef {{answer: number | null, change: number | null}} Known the network's answer to the digit, and by how much its
 *   cost rose since the vote began; null while it is open
 */

import { whole } from "../../page/format.js";

const RISE = 0;
const FALL = 1;

export const QUESTIONS = {
  answer: { question: "What will it answer?", options: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] },
  rate: { question: "Which learning rate is best?", options: ["0.001", "0.1", "10"] },
  cost: { question: "Will the cost of this digit rise or fall?", options: ["rise", "fall"] },
};

/**
 * The option that turned out right; null while that is not known.
 *
 * @param {Vote} vote
 * @param {Known} known
 */
export function rightOption({ question }, { answer, change }) {
  if (question === QUESTIONS.answer.question) return answer;
  if (question !== QUESTIONS.cost.question || change === null || change === 0) return null;
  return change > 0 ? RISE : FALL;
}

/**
 * @param {Vote} vote
 * @param {number} pupils in the room
 */
export function votedWords({ is_open: isOpen, voted, answer, options, counts }, pupils) {
  if (isOpen) return `${whole(voted)} of ${whole(Math.max(voted, pupils))} have voted. Vote on your phone.`;
  if (answer === null) return voted === 1 ? "1 vote." : `${whole(voted)} votes.`;
  return `It was “${options[answer]}”: ${whole(counts[answer])} of ${whole(voted)} chose it.`;
}
