/** What was changed while a run was under way, in the order in which it happened. */

import { short, whole } from "../../page/format.js";
import { copyOf } from "../../page/template.js";

const WORDS = {
  rate: ({ rate }) => `learning rate ${short(rate)} from here on`,
  pause: () => "paused",
  "go-on": () => "went on after the pause",
  resume: () => "resumed after a stop",
};

/** @param {HTMLElement} section with a table */
export function mountChanges(section) {
  const body = section.querySelector("tbody");

  return {
    /** @param {import("../run-story.js").Change[]} changes */
    show(changes) {
      section.hidden = changes.length === 0;
      while (body.childElementCount > changes.length) body.lastElementChild.remove();
      for (const change of changes.slice(body.childElementCount)) {
        const texts = { step: whole(change.step), what: WORDS[change.type](change) };
        body.append(copyOf("run-change-row", texts).element);
      }
    },
  };
}
