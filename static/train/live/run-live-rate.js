/** The form with which the admin changes the learning rate of an active run. */

import { post } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountNotice } from "../../page/notice.js";
import { numberIn } from "../../page/typed-number.js";
import { isActive } from "../run-words.js";

/** @import {Run} from "../types.js" */

/**
 * @param {HTMLFormElement} form with a field that has the server's limits
 * @param {Run} first
 * @param {{element: HTMLElement, onRun: (run: Run) => void}} parts `element` is the notice for problems
 */
export function mountRate(form, first, { element, onRun }) {
  const field = one(form, "[name=learning_rate]", HTMLInputElement);
  const notice = mountNotice(element);
  let run = first;
  let busy = false;
  /** @type {number | null} the last value that was filled in, so that what somebody types is not overwritten */
  let filled = null;

  /** @param {number} rate */
  function fill(rate) {
    if (filled === rate) return;
    const isTyped = filled !== null && numberIn(field) !== filled;
    filled = rate;
    if (!isTyped) field.value = String(rate);
  }

  field.addEventListener("input", () => notice.say(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    const rate = numberIn(field);
    if (!Number.isFinite(rate)) {
      notice.say(`The learning rate must be a number from ${field.min} to ${field.max}.`);
      field.focus();
      return;
    }
    busy = true;
    notice.say("");
    try {
      const changed = await post(`admin/runs/${run.id}/rate`, { learning_rate: rate });
      filled = rate;
      onRun(changed);
    } catch (error) {
      notice.sayError(error);
    }
    busy = false;
  });

  return {
    /** @param {Run} current */
    show(current) {
      run = current;
      const hasFocus = form.contains(document.activeElement);
      form.hidden = !isActive(run) || run.status === "stopping";
      if (form.hidden) {
        notice.say("");
        if (hasFocus) one(document, ".run-head [data-part=status]").focus();
      }
      fill(run.learning_rate);
    },
  };
}
