/** The changes made during a run, in order. */

import { one } from "../../page/elements.js";
import { short, whole } from "../../page/format.js";
import { copyOf } from "../../page/template.js";

/** @import {Change} from "../run-story.js" */

const WORDS = { pause: "paused", "go-on": "resumed after the pause", resume: "resumed after a stop" };

/** @param {HTMLElement} section with a table */
export function mountChanges(section) {
  const body = one(section, "tbody");

  return {
    /** @param {Change[]} changes */
    show(changes) {
      section.hidden = changes.length === 0;
      while (body.childElementCount > changes.length) body.lastElementChild?.remove();
      for (const { type, step, rate } of changes.slice(body.childElementCount)) {
        const what = type === "rate" ? `learning rate ${short(rate ?? null)} from here on` : WORDS[type];
        const texts = { step: whole(step), what };
        body.append(copyOf("run-change-row", texts).element);
      }
    },
  };
}
