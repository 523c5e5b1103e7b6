/** A vote: a card over the page with the question and an answer to tap, which can be changed until it is closed. */

import { Problem, sentenceOf } from "../../page/api.js";
import { all } from "../../page/elements.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { keptInTab } from "../../page/tab.js";
import { setText } from "../../page/text.js";
import { voteWords } from "./vote-words.js";

/** @import {Vote} from "./vote-words.js" */

/**
 * @param {HTMLElement} main
 * @param {{vote: (option: number) => Promise<unknown>, onProblem: (error: unknown) => void}} does
 */
export function mountVoteCard(main, { vote: send, onProblem }) {
  const dialog = part(document, "vote", HTMLDialogElement);
  const options = part(dialog, "vote-options");
  const problem = part(dialog, "vote-problem");
  const again = part(main, "vote-again");
  const kept = keptInTab(`room-${main.dataset.code}-vote`);
  /** @type {Vote} */
  let vote = { is_over: true, question: "", options: [], is_open: false, answer: null, voted: 0 };
  /** @type {number | null} */
  let own = null;
  /** @type {number | null} what is on its way */
  let unsent = null;
  let isBusy = false;

  again.addEventListener("click", () => dialog.showModal());
  part(dialog, "vote-close").addEventListener("click", () => dialog.close());

  /** @param {number} option */
  async function choose(option) {
    if (!vote.is_open) return;
    unsent = option;
    if (isBusy) return;
    isBusy = true;
    sayProblem(problem, "");
    try {
      while (unsent !== null) {
        const sent = unsent;
        show(sent);
        await send(sent);
        own = sent;
        kept.write({ ...questionOf(vote), own });
        if (unsent === sent) unsent = null;
      }
    } catch (error) {
      unsent = null;
      sayProblem(problem, sentenceOf(error));
      if (error instanceof Problem && error.status !== 409) {
        dialog.close();
        onProblem(error);
      }
    }
    isBusy = false;
    show(own);
  }

  /** @param {number | null} chosen */
  function show(chosen) {
    setText(part(dialog, "vote-question"), vote.question);
    setText(part(dialog, "vote-says"), voteWords(vote, chosen));
    setText(part(dialog, "vote-close"), vote.is_open ? "Hide" : "Go on");
    again.hidden = vote.is_over;
    setText(again, `Vote: ${vote.question}`);
    all(options, "button").forEach((button, option) => {
      button.ariaPressed = String(option === chosen);
      button.ariaDisabled = String(!vote.is_open);
      button.classList.toggle("is-right", !vote.is_open && option === vote.answer);
    });
  }

  /** @param {string} text @param {number} option */
  function buttonOf(text, option) {
    const button = document.createElement("button");
    button.textContent = text;
    button.addEventListener("click", () => choose(option));
    return button;
  }

  return {
    /** @param {Vote} next as the stream tells it */
    show(next) {
      const before = vote;
      vote = next.is_over ? { ...before, is_over: true, is_open: false } : next;
      const isNew =
        !next.is_over && (before.is_over || asked(before) !== asked(vote) || (!before.is_open && vote.is_open));
      if (isNew) {
        const found = kept.read();
        // Before anybody has voted, it is not the vote of before, even with the same question.
        own = found && vote.voted > 0 && asked(found) === asked(vote) ? found.own : null;
        options.classList.toggle(
          "has-digits",
          vote.options.length > 4 && vote.options.every((text) => text.length < 4),
        );
        options.replaceChildren(...vote.options.map(buttonOf));
        sayProblem(problem, "");
      }
      show(own);
      if (vote.is_over) dialog.close();
      else if (isNew || before.is_open !== vote.is_open) open();
    },
  };

  function open() {
    if (!dialog.open) dialog.showModal();
  }
}

/** @param {{question: string, options: string[]}} vote */
function questionOf({ question, options }) {
  return { question, options };
}

/** @param {{question: string, options: string[]}} vote */
function asked(vote) {
  return JSON.stringify(questionOf(vote));
}
