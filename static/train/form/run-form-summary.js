/** What the settings come to: how many numbers are learned, how long that takes, and what a link brought along. */

import { whole } from "../../page/format.js";
import { dataWords, parametersOf, ratesWords } from "./run-form-settings.js";
import { aboutWords, expectedSeconds, stepsOf } from "./run-form-time.js";

/** Sets the text of a live region only when it is another, as it speaks whenever it is set. */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, number>} teachers their parameters
 */
export function mountSummary(form, teachers) {
  const byId = (id) => form.querySelector(`#${id}`);
  const kept = form.querySelector("[data-part=kept]");

  function timeWords(settings, { isRight, images, speed }) {
    if (!isRight) return "How long it takes is told once all settings are right.";
    if (!images) return "How long it takes is not known yet.";
    const steps = stepsOf(settings, images).all;
    const inSteps = `${whole(steps)} ${steps === 1 ? "step" : "steps"}`;
    if (!speed) return `${inSteps}. How long they take is not known yet.`;
    const { count } = parametersOf(settings.hidden);
    const sizes = { ...images, parameters: count, teacherParameters: teachers[settings.teacher] ?? 0 };
    return `${inSteps}, ${aboutWords(expectedSeconds(speed, settings, sizes))} on this machine.`;
  }

  function showKept({ rates, data_sha256 }) {
    const words = {
      rates: rates.length > 0 ? ratesWords(rates) : "",
      data_sha256: data_sha256 ? dataWords(data_sha256) : "",
    };
    for (const [name, text] of Object.entries(words)) {
      const line = kept.querySelector(`[data-kept=${name}]`);
      line.querySelector("span").textContent = text;
      line.hidden = text === "";
    }
    kept.hidden = Object.values(words).every((text) => text === "");
  }

  return {
    /**
     * @param {import("./run-form-settings.js").Settings} settings
     * @param {{isNetwork: boolean, isRight: boolean, images: import("./run-form-time.js").Images | undefined,
     *   speed: import("./run-form-time.js").Speed | null}} known whether the layers, and whether all settings are right
     */
    show(settings, known) {
      const { count, terms } = parametersOf(settings.hidden);
      tell(byId("run-form-parameters"), known.isNetwork ? `${whole(count)} numbers to learn` : "");
      byId("run-form-terms").textContent = known.isNetwork ? terms : "";
      tell(byId("run-form-expected"), timeWords(settings, known));
      showKept(settings);
    },
  };
}
