/** What a pupil sees who is not in the room: why, and how to come in or back. */

import { sentenceOf } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { OUTSIDE } from "./pupil-words.js";

/**
 * @param {HTMLElement} main
 * @param {{again: (reason: string) => void, rejoin: (code: string) => Promise<void>}} does `rejoin` throws what
 *   `request` does
 */
export function mountOutside(main, { again, rejoin }) {
  const section = part(main, "outside");
  const button = part(section, "again");
  const details = part(main, "rejoin", HTMLDetailsElement);
  const form = one(details, "form", HTMLFormElement);
  const input = one(form, "input", HTMLInputElement);
  const problem = part(details, "problem");
  let reason = "joining";

  button.addEventListener("click", () => again(reason));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    sayProblem(problem, "");
    try {
      await rejoin(input.value);
      input.value = "";
      details.open = false;
    } catch (error) {
      sayProblem(problem, sentenceOf(error));
    }
  });

  return {
    /** @param {string} why of OUTSIDE @param {string} detail the server's reason */
    show(why, detail) {
      reason = why;
      const { title, text, button: label } = OUTSIDE[why];
      setText(part(section, "title"), title);
      setText(part(section, "text"), text || (why === "refused" ? detail : ""));
      setText(button, label);
      button.hidden = label === "";
      details.hidden = why === "over" || why === "removed";
      section.hidden = false;
      if (why !== "joining") part(section, "title").focus();
    },
    hide() {
      section.hidden = true;
      details.hidden = false;
    },
  };
}
