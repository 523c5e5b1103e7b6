/**
 * What a reader has predicted in a lesson, as text for the address: `step.left.right_rate.skip` is two questions, the
 * first answered "left" where "right" came true, the second skipped.
 *
 * @typedef {{choice: string, truth: string} | "skip"} Answer
 */

const SKIP = "skip";
const WORD = "[a-z0-9]+";
const ANSWER = new RegExp(`^(${WORD})\\.(?:${SKIP}|(${WORD})\\.(${WORD}))$`);

/**
 * @param {string} text
 * @returns {Map<string, Answer> | null} by question; null where the text is not of this form
 */
export function answersOf(text) {
  /** @type {Map<string, Answer>} */
  const answers = new Map();
  for (const one of text.split("_").filter(Boolean)) {
    const [, question, choice, truth] = ANSWER.exec(one) ?? [];
    if (!question) return null;
    answers.set(question, choice ? { choice, truth } : SKIP);
  }
  return answers;
}

/** @param {Map<string, Answer>} answers */
export function textOf(answers) {
  const one = (/** @type {[string, Answer]} */ [question, answer]) =>
    answer === SKIP ? `${question}.${SKIP}` : `${question}.${answer.choice}.${answer.truth}`;
  return [...answers].map(one).join("_");
}

/**
 * What the lesson says once no question is left.
 *
 * @param {Map<string, Answer>} answers
 */
export function summaryOf(answers) {
  const given = [...answers.values()].filter((answer) => answer !== SKIP);
  const right = given.filter(({ choice, truth }) => choice === truth).length;
  if (given.length === 0) return "You skipped the questions.";
  if (right === given.length) return `You predicted ${right === 1 ? "the one" : `all ${right}`} you answered.`;
  return `You predicted ${right} of the ${given.length} you answered.`;
}
