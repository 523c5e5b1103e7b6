/** A summary of the settings: how many numbers are learned, how long it takes, and settings without a field. */

import { one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { dataWords, parametersOf, ratesWords } from "./run-form-settings.js";
import { aboutWords, expectedSeconds, stepsOf } from "./run-form-time.js";

/**
 * @import {Settings} from "../types.js"
 * @import {Kept} from "./run-form-settings.js"
 * @import {Images, Speed} from "./run-form-time.js"
 * @typedef {{isNetwork: boolean, isRight: boolean, images: Images | undefined, speed: Speed | null}} Known whether the
 *   layers, and whether all settings are right
 */

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, number>} teachers the number of parameters of each
 */
export function mountSummary(form, teachers) {
  const kept = part(form, "kept");

  /**
   * @param {Settings} settings
   * @param {Known} known
   */
  function timeWords(settings, { isRight, images, speed }) {
    if (!isRight) return "Shown when all settings are right: how long it takes.";
    if (!images) return "How long it takes is not known yet.";
    const steps = stepsOf(settings, images).all;
    const inSteps = `${whole(steps)} ${steps === 1 ? "step" : "steps"}`;
    if (!speed) return `${inSteps}. How long they take is not known yet.`;
    const { count } = parametersOf(settings.hidden);
    const sizes = { ...images, parameters: count, teacherParameters: teachers[settings.teacher ?? ""] ?? 0 };
    return `${inSteps}, ${aboutWords(expectedSeconds(speed, settings, sizes))} on this machine.`;
  }

  /** @param {Kept} settings */
  function showKept({ rates, data_sha256 }) {
    const words = {
      rates: rates.length > 0 ? ratesWords(rates) : "",
      data_sha256: data_sha256 ? dataWords(data_sha256) : "",
    };
    for (const [name, text] of Object.entries(words)) {
      const line = one(kept, `[data-kept=${name}]`);
      one(line, "span").textContent = text;
      line.hidden = text === "";
    }
    kept.hidden = Object.values(words).every((text) => text === "");
  }

  return {
    /**
     * @param {Settings} settings
     * @param {Known} known
     */
    show(settings, known) {
      const { count, terms } = parametersOf(settings.hidden);
      setText(one(form, "#run-form-parameters"), known.isNetwork ? `${whole(count)} numbers to learn` : "");
      one(form, "#run-form-terms").textContent = known.isNetwork ? terms : "";
      setText(one(form, "#run-form-expected"), timeWords(settings, known));
      showKept(settings);
    },
  };
}
