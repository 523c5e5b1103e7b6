/** The line about what would change the network's mind. Only settled drawings are asked about. */

import { postPicture } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { setText } from "../../page/text.js";
import { withDab } from "./evidence-dab.js";
import { brushPlace, mindWords } from "./evidence-words.js";

const UNREACHABLE = "The server can't be reached. The page keeps trying.";
const LOOKING = "Looking for the smallest spot that changes the answer.";
const INVITATION = "Draw a digit, and a ring shows how little would change the answer.";

/**
 * @typedef {{picture: Blob, model: string, version: string}} Subject
 *
 * @param {{section: HTMLElement, words: HTMLElement, problem: HTMLElement, add: HTMLElement,
 *   canvas: HTMLCanvasElement}} parts
 * @param {(brush: import("./evidence-drawing.js").Brush | null, isCurrent: boolean) => void} ring
 * @param {(picture: Blob) => void} lay puts the drawing with the dab on the sheet
 */
export function mountMind({ section, words, problem, add, canvas }, ring, lay) {
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
    showButton(isCurrent && found !== null && found.brush !== null);
    ring(found?.brush ?? null, isCurrent);
  }

  /** Not `disabled`, which would lose the focus of keyboard users. @param {boolean} canAdd */
  function showButton(canAdd) {
    add.ariaDisabled = String(!canAdd);
    add.textContent = found?.brush?.kind === "eraser" ? "Erase there" : "Add this spot";
  }

  add.addEventListener("click", async () => {
    if (add.ariaDisabled === "true") return;
    const { picture } = subject;
    const dabbed = await withDab(picture, found.brush);
    if (picture === subject?.picture) lay(dabbed);
  });

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
      showButton(false);
      ring(null, true);
    },
  };
}
