/** "Not right? It is a …": the server keeps the drawing on the sheet with what the user says it is. */

import { request, sentenceOf, Unreachable } from "../../page/api.js";
import { all } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { whenReached } from "../../page/reached.js";
import { setText } from "../../page/text.js";
import { BLANK } from "../../sheet/drawing.js";
import { toPoints } from "../../sheet/stroke-points.js";

/** @import {Drawing} from "../../sheet/drawing.js" */

const THANKS = "Kept. Thank you.";

/**
 * @param {HTMLElement | null} section of the template correction.html; null where the server keeps no drawings
 * @param {() => string} network the name of the one that answers
 */
export function mountCorrection(section, network) {
  if (!section) return { show() {}, hide() {} };
  const status = part(section, "status");
  const buttons = all(section, "button", HTMLButtonElement);
  /** @type {WeakMap<Drawing, string>} the digits of what is kept */
  const kept = new WeakMap();
  /** @type {WeakMap<Drawing, string>} */
  const tokens = new WeakMap();
  let shown = BLANK;
  let isSending = false;
  let look = "";
  let stopWaiting = () => {};

  /** @param {string} sentence or "" for what is said at first */
  function say(sentence) {
    stopWaiting();
    setText(status, sentence);
    section.classList.toggle("has-status", sentence !== "");
  }

  /** A disabled button would lose the focus. */
  function update() {
    const digit = kept.get(shown) ?? "";
    const isOff = String(isSending || digit !== "" || shown.strokes.length === 0);
    if (look === isOff + digit) return; // a stroke under way changes the drawing many times a second
    look = isOff + digit;
    for (const button of buttons) {
      button.setAttribute("aria-disabled", isOff);
      button.setAttribute("aria-pressed", String(button.value === digit));
    }
  }

  /**
   * @param {Drawing} drawing
   * @param {string} digit
   */
  async function keep(drawing, digit) {
    isSending = true;
    say("");
    update();
    try {
      await send(drawing, digit);
      kept.set(drawing, digit);
      if (drawing === shown) say(THANKS);
    } catch (error) {
      if (drawing === shown) say(sentenceOf(error));
      if (error instanceof Unreachable) stopWaiting = whenReached(() => say(""));
    } finally {
      isSending = false;
      update();
    }
  }

  /**
   * @param {Drawing} drawing
   * @param {string} digit
   */
  function send(drawing, digit) {
    const token = tokens.get(drawing) ?? randomToken();
    tokens.set(drawing, token);
    return request("corrections", {
      method: "POST",
      // It is kept once, also where the answer to the first request was lost.
      headers: { "Content-Type": "application/json", "Idempotency-Key": `${token}-${digit}` },
      body: JSON.stringify({ label: Number(digit), strokes: toPoints(drawing.strokes), model: network() }),
    });
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") keep(shown, button.value);
    });
  }

  return {
    /** @param {Drawing} drawing on the sheet; a picture can't be corrected this way */
    show(drawing) {
      section.classList.toggle("is-absent", drawing.picture !== null);
      if (drawing !== shown) say(kept.has(drawing) ? THANKS : "");
      shown = drawing;
      update();
    },
    /** Until the drawing changes: it is more than one digit. */
    hide: () => section.classList.add("is-absent"),
  };
}

/** Not randomUUID, which a page without HTTPS does not have. */
function randomToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
