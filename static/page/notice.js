/** A notice: a sentence, and a link to sign in if the admin is not signed in. */

import { Problem, sentenceOf, Unreachable } from "./api.js";
import { one } from "./elements.js";
import { whenReached } from "./reached.js";
import { setText } from "./text.js";

/** @param {HTMLElement} element of the template notice.html */
export function mountNotice(element) {
  const text = one(element, "span");
  const link = one(element, "a", HTMLAnchorElement);
  let stopWaiting = () => {};

  /** @param {string} sentence */
  function say(sentence, isSignedOut = false) {
    stopWaiting();
    setText(text, sentence);
    link.hidden = !isSignedOut;
    // Back to this page.
    const page = location.pathname.slice(new URL(document.baseURI).pathname.length) + location.search;
    link.search = new URLSearchParams({ back: page }).toString();
    element.hidden = sentence === "";
  }

  return {
    /** @param {string} sentence or "", which hides the notice */
    say: (sentence) => say(sentence),
    /**
     * Says what is wrong. That the server can't be reached is said until it answers again.
     *
     * @param {unknown} error of `request`
     * @param {(sentence: string) => string} [reworded]
     * @param {() => void} [again] tries again then
     */
    sayError(error, reworded = (sentence) => sentence, again = () => {}) {
      // The server's sentence is for programs, which send the token with each request.
      if (error instanceof Problem && error.status === 401) say("You are signed out.", true);
      else say(reworded(sentenceOf(error)));
      if (!(error instanceof Unreachable)) return;
      stopWaiting = whenReached(() => {
        say("");
        again();
      });
    },
  };
}
