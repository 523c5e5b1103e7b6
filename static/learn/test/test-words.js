/**
 * The test in words.
 *
 * @import {Round, TestRecord} from "./test-state.js"
 */

/** What the first screen says. @typedef {{lead: string, state: string, start: string}} StartWords `start` is "" for no button */

const WITHHELD = "We show the right answers after the second test. If you saw them now, you could just remember them.";

/**
 * On one's own device.
 *
 * @param {TestRecord} record
 * @param {Round} round to take
 * @param {number} count of questions
 * @returns {StartWords}
 */
export function startWords(record, round, count) {
  const answered = record[round].answers.length;
  const state = answered > 0 ? `You have answered ${answered} of ${count} questions.` : "";
  if (round === "before") {
    const lead = "Take it before you start the lessons, and again after them. Then it shows what you have learned.";
    return { lead, state, start: goOn(answered, count, "Start") };
  }
  const lead = "The first test is done. Now the lessons, then come back.";
  return {
    lead,
    state: state || WITHHELD,
    start: goOn(answered, count, "Take the second test"),
  };
}

/**
 * In a room.
 *
 * @param {{round: Round | null, sent: Round[]} | null} asked what the server says, null where it can't be asked
 * @param {TestRecord} record
 * @param {number} count of questions
 * @returns {StartWords}
 */
export function roomWords(asked, record, count) {
  if (!asked) return { lead: "Join the room first, then come back here.", state: "", start: "" };
  const { round, sent } = asked;
  if (round === null) return { lead: "The test is not open now.", state: "Your teacher opens it.", start: "" };
  if (sent.includes(round)) return { lead: "Your answers are in. Thank you!", state: WITHHELD, start: "" };
  const answered = record[round].answers.length;
  return {
    lead: round === "before" ? "The test before the lessons." : "The test after the lessons.",
    state: answered > 0 ? `You have answered ${answered} of ${count} questions.` : "",
    start: goOn(answered, count, "Start"),
  };
}

/**
 * @param {number} answered
 * @param {number} count of questions
 * @param {string} start
 */
function goOn(answered, count, start) {
  if (answered === 0) return start;
  return answered < count ? "Go on" : "Finish the test";
}

/**
 * Where the answers are kept.
 *
 * @param {boolean} isRoom
 * @param {boolean} isKept whether this browser keeps something for pages
 */
export function keptWords(isRoom, isKept) {
  if (isRoom) {
    return "When you finish, your answers are sent to the room. It keeps only which were right, until it is forgotten. Your teacher sees counts of the class.";
  }
  if (!isKept) {
    return "This browser keeps nothing for pages, so your answers are gone when you leave or reload this page. Nothing is sent.";
  }
  return "Your answers are kept on this device alone, in this browser. Nothing is sent.";
}

/**
 * @param {boolean[] | null} before
 * @param {boolean[] | null} after
 */
export function gainWords(before, after) {
  /** @param {boolean[]} marks */
  const right = (marks) => marks.filter(Boolean).length;
  /** @param {boolean[]} marks */
  const of = (marks) => `${right(marks)} of ${marks.length}`;
  const parts = [];
  if (before) parts.push(`Before: ${of(before)} right.`);
  if (after) parts.push(`After: ${of(after)} right.`);
  if (before && after && right(after) <= right(before)) {
    parts.push("Not more than before: that happens. Look at the reasons below, and try these lessons again.");
  }
  return parts.join(" ");
}

/** @param {boolean | undefined} mark undefined where the round was not taken */
export function markWords(mark) {
  if (mark === undefined) return "not taken";
  return mark ? "✓ right" : "✗ not right";
}
