/** A summary of the settings: how many numbers are learned, how long it takes, and settings without a field. */

import { post } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { collectionWords, dataWords, parametersOf, ratesWords } from "./run-form-settings.js";
import { aboutWords } from "./run-form-time.js";

const PAUSE = 350;

/**
 * @import {Settings} from "../types.js"
 * @import {Kept} from "./run-form-settings.js"
 * @typedef {{isNetwork: boolean, isRight: boolean}} Known whether the layers, and whether all settings are right
 */

/** @param {HTMLFormElement} form */
export function mountSummary(form) {
  const kept = part(form, "kept");
  const expected = one(form, "#run-form-expected");
  /** The settings whose time was asked for, as JSON. */
  let asked = "";
  let timer = 0;
  let asking = new AbortController();

  /**
   * @param {Settings} settings
   * @param {boolean} isRight
   */
  function showTime(settings, isRight) {
    const question = isRight ? JSON.stringify(settings) : "";
    if (!isRight) setText(expected, "Correct the settings to see how long it takes.");
    if (question === asked) return;
    asked = question;
    asking.abort();
    clearTimeout(timer);
    if (isRight) timer = setTimeout(askTime, PAUSE, settings);
  }

  /** @param {Settings} settings */
  async function askTime(settings) {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { steps, seconds } = await post("speed", settings, signal);
      setText(expected, `${whole(steps)} ${steps === 1 ? "step" : "steps"}, ${aboutWords(seconds)} on this machine.`);
    } catch {
      if (signal.aborted) return;
      asked = ""; // so that the next call of `show` asks again
      setText(expected, "How long it takes is not known yet.");
    }
  }

  /** @param {Kept} settings */
  function showKept({ rates, data_sha256, collection_sha256 }) {
    const words = {
      rates: rates.length > 0 ? ratesWords(rates) : "",
      data_sha256: data_sha256 ? dataWords(data_sha256) : "",
      collection_sha256: collection_sha256 ? collectionWords(collection_sha256) : "",
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
      showTime(settings, known.isRight);
      showKept(settings);
    },
  };
}
