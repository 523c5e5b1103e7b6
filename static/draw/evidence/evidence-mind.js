/** The line about what would change the network's mind. Only settled drawings are asked about. */

import { postPicture } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { setText } from "../../page/text.js";
import { brushPlace, mindWords } from "./evidence-words.js";

const UNREACHABLE = "The server can't be reached. The page keeps trying.";
const LOOKING = "Looking for the smallest dab that changes the answer.";
const INVITATION = "Draw a digit, and a ring shows how little would change the answer.";

/**
 * @typedef {{picture: Blob, model: string, version: string}} Subject
 *
 * @param {{section: HTMLElement, words: HTMLElement, problem: HTMLElement, canvas: HTMLCanvasElement}} parts
 * @param {(brush: import("./evidence-drawing.js").Brush | null, isCurrent: boolean) => void} ring
 */
export function mountMind({ section, words, problem, canvas }, ring) {
  /** @type {Subject | null} what was asked about */
  let subject = null;
  let found = null;

  /** @type {(subject: Subject, signal: AbortSignal) => Promise<any>} */
  const mindOf = ({ picture, model }, signal) =>
    postPicture(`lessons/mind?model=${encodeURIComponent(model)}`, picture, signal);
  const asker = new Asker(mindOf, (outcome) => {
    sayProblem(problem, problemOf(outcome, UNREACHABLE), words);
    if (outcome.kind === "answered") {
      found = outcome.answer;
      show(true);
    }
  });

  function show(isCurrent) {
    section.classList.toggle("is-old", !isCurrent);
    section.ariaBusy = String(!isCurrent);
    setText(words, found ? mindWords(found) : LOOKING);
    canvas.setAttribute("aria-label", brushPlace(isCurrent && found ? found.brush : null));
    ring(found?.brush ?? null, isCurrent);
  }

  addEventListener("online", () => asker.retry());

  return {
    /**
     * @param {Subject} next
     * @param {boolean} settled
     */
    about(next, settled) {
      const isSame = ["picture", "model", "version"].every((name) => subject?.[name] === next[name]);
      if (settled && isSame) return;
      subject = settled ? next : null;
      show(false);
      if (settled) asker.ask(next, true);
      else asker.forget();
    },
    blank() {
      [subject, found] = [null, null];
      asker.forget();
      sayProblem(problem, "", words);
      section.classList.remove("is-old");
      section.ariaBusy = "false";
      setText(words, INVITATION);
      canvas.setAttribute("aria-label", "Your drawing: nothing yet");
      ring(null, true);
    },
  };
}
