/** A notice: a sentence, and a link to sign in if the admin is not signed in. */

import { Problem, sentenceOf } from "./api.js";
import { one } from "./elements.js";
import { setText } from "./text.js";

/** @param {HTMLElement} element of the template notice.html */
export function mountNotice(element) {
  const text = one(element, "span");
  const link = one(element, "a");

  /** @param {string} sentence */
  function say(sentence, isSignedOut = false) {
    setText(text, sentence);
    link.hidden = !isSignedOut;
    element.hidden = sentence === "";
  }

  return {
    /** @param {string} sentence or "", which hides the notice */
    say: (sentence) => say(sentence),
    /**
     * @param {unknown} error of `request`
     * @param {(sentence: string) => string} [reworded]
     */
    sayError(error, reworded = (sentence) => sentence) {
      // The server's sentence is for programs, which send the token with each request.
      if (error instanceof Problem && error.status === 401) say("You are signed out.", true);
      else say(reworded(sentenceOf(error)));
    },
  };
}
