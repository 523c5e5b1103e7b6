/** The learning rate of a run under way, for who may change it. */

import { post } from "../../page/api.js";
import { mountNotice } from "../../page/notice.js";
import { isActive } from "../run-words.js";

/**
 * @param {HTMLFormElement} form with a field that has the server's limits
 * @param {{element: HTMLElement, onRun: (run: any) => void}} parts `element` is the notice for what is wrong
 */
export function mountRate(form, { element, onRun }) {
  const field = form.elements.learning_rate;
  const notice = mountNotice(element);
  let run = null;
  let busy = false;
  /** @type {number | null} what the field was filled with, so that nothing that somebody types is written over */
  let filled = null;

  function fill(rate) {
    if (filled === rate) return;
    const isTyped = filled !== null && Number(field.value) !== filled;
    filled = rate;
    if (!isTyped) field.value = String(rate);
  }

  field.addEventListener("input", () => notice.say(""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    if (!field.checkValidity()) {
      notice.say(`A learning rate is a number from ${field.min} to ${field.max}.`);
      field.focus();
      return;
    }
    busy = true;
    notice.say("");
    try {
      const changed = await post(`admin/runs/${run.id}/rate`, { learning_rate: Number(field.value) });
      filled = Number(field.value);
      onRun(changed);
    } catch (error) {
      notice.sayError(error);
    }
    busy = false;
  });

  return {
    /** @param {any} current */
    show(current) {
      run = current;
      const hasFocus = form.contains(document.activeElement);
      form.hidden = !isActive(run) || run.status === "stopping";
      if (form.hidden) {
        notice.say("");
        if (hasFocus) document.querySelector(".run-head [data-part=status]").focus();
      }
      fill(run.learning_rate);
    },
  };
}
