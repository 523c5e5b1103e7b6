/** A vote on the projector: the question, how many voted, and once it is closed, who is right. The teacher asks it. */

import { all, one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { QUESTIONS, rightOption, votedWords } from "./projector-vote-words.js";

/**
 * @import {Known, Vote} from "./projector-vote-words.js"
 * @typedef {ReturnType<typeof import("../admin-calls.js").adminCalls>["send"]} Send
 */

/**
 * @param {HTMLElement} section
 * @param {Send | null} send null for who can't lead
 */
export function mountVote(section, send) {
  const [question, words, options] = ["question", "words", "options"].map((name) => part(section, name));
  /** @type {Vote} */
  let vote = { is_over: true };
  let answered = "";
  const close = send && part(section, "close", HTMLButtonElement);
  if (send) mountAsking(send);
  close?.addEventListener("click", () => send("POST", "/vote/close", {}));
  if (send) part(section, "end", HTMLButtonElement).addEventListener("click", () => send("DELETE", "/vote"));

  function fillOptions() {
    const rows = vote.options.map((option) => {
      const row = document.createElement("li");
      row.append(spanOf("vote-option", option), spanOf("bar-track", ""), spanOf("vote-count", ""));
      one(row, ".bar-track").append(spanOf("bar", ""));
      return row;
    });
    options.replaceChildren(...rows);
  }

  /** Once the answer is known, the vote is over. @param {Known} known */
  function answer(known) {
    const right = rightOption(vote, known);
    const key = `${vote.question} ${right} ${vote.voted}`;
    if (right === null || vote.answer !== null || key === answered) return;
    answered = key;
    send?.("POST", "/vote/close", { answer: right });
  }

  return {
    /**
     * @param {Record<string, any>} changes
     * @returns {boolean} whether another vote began
     */
    take(changes) {
      if (!changes.vote) return false;
      const next = changes.vote;
      const isSame = next.question === vote.question && String(next.options) === String(vote.options);
      const isNew = !isSame || (next.is_open && !vote.is_open);
      vote = next;
      if (isNew && !vote.is_over) fillOptions();
      if (isNew) answered = "";
      return isNew;
    },
    /**
     * @param {number} pupils in the room
     * @param {Known} known
     * @returns {boolean} whether there is a vote
     */
    show(pupils, known) {
      section.hidden = vote.is_over;
      if (vote.is_over) return false;
      section.dataset.options = vote.options.length > 4 ? "many" : "few";
      setText(question, vote.question);
      setText(words, votedWords(vote, pupils));
      const most = Math.max(1, ...(vote.counts ?? []));
      all(options, "li").forEach((row, i) => {
        const count = vote.counts?.[i];
        const isRight = vote.answer === i;
        row.dataset.right = String(isRight);
        setText(one(row, ".vote-option"), vote.options[i] + (isRight ? " ✓" : ""));
        one(row, ".bar").style.inlineSize = `${(100 * (count ?? 0)) / most}%`;
        setText(one(row, ".vote-count"), count === undefined ? "" : whole(count));
      });
      if (close) close.hidden = !vote.is_open;
      answer(known);
      return true;
    },
  };
}

/**
 * The dialog in which the teacher chooses a question, or writes one.
 *
 * @param {Send} send
 */
function mountAsking(send) {
  const dialog = one(document, "#ask-class", HTMLDialogElement);
  one(document, "#ask-button").addEventListener("click", () => dialog.showModal());
  part(dialog, "cancel").addEventListener("click", () => dialog.close());

  /** @param {{question: string, options: string[]}} asked */
  async function ask(asked) {
    dialog.close();
    await send("POST", "/vote", asked);
  }

  for (const button of all(dialog, "[data-question]", HTMLButtonElement)) {
    button.addEventListener("click", () => ask(QUESTIONS[button.dataset.question]));
  }
  one(dialog, "form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const texts = form.getAll("option").map((text) => String(text).trim());
    ask({ question: String(form.get("question")).trim(), options: texts.filter((text) => text !== "") });
  });
}

/**
 * @param {string} className
 * @param {string} text
 */
function spanOf(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
