/** What the pupils' page says. */

import { confidenceIn } from "../../network/confidence.js";
import { accuracy, aDigit, percent, whole } from "../../page/format.js";

/** @typedef {import("./own-drawings.js").OwnDrawing} OwnDrawing */

/** @type {Record<string, {title: string, text: string, button: string}>} why a pupil is not in the room */
export const OUTSIDE = {
  joining: { title: "Joining the room …", text: "", button: "" },
  unreachable: {
    title: "The server can't be reached",
    text: "This page keeps trying. Is this device still on the Wi-Fi?",
    button: "Try again",
  },
  full: {
    title: "This room is full",
    text: "Tell your teacher. You can try again once somebody has left.",
    button: "Try again",
  },
  locked: {
    title: "This room is locked",
    text: "Nobody else can join. Ask your teacher to unlock it, then try again.",
    button: "Try again",
  },
  lost: {
    title: "This device is no longer in the room",
    text:
      "Another device may have taken your place. Join as somebody new, or ask your teacher for a code to come back as " +
      "who you were.",
    button: "Join as somebody new",
  },
  removed: { title: "Your teacher has removed you from this room.", text: "Your drawings went with you.", button: "" },
  over: {
    title: "This room is over",
    text: "Everything that was drawn in it has been deleted.",
    button: "",
  },
  refused: { title: "You can't join this room", text: "", button: "Try again" },
};

/**
 * @param {{digit: number, confidence: number}} answer
 * @param {number} sureFrom
 */
export function howSure({ digit, confidence }, sureFrom) {
  return confidenceIn({ digit, confidence, probabilities: [] }, sureFrom);
}

/**
 * @param {{digit: number, confidence: number, label: number | null, status: string}} drawing
 * @returns {string} what to add to the answer
 */
export function verdict({ digit, label, status }) {
  const waits = status === "waiting" ? " Your drawing waits for your teacher." : "";
  if (label === null) return `The network reads ${aDigit(digit)}.${waits}`;
  if (label === digit) return `The network reads ${aDigit(digit)}, as you meant it.${waits}`;
  return `The network reads ${aDigit(digit)}, but you meant ${aDigit(label)}. It can be wrong.${waits}`;
}

// How often a pupil draws each digit for the class's data set. More is welcome.
const ENOUGH = 3;

/**
 * @param {number} digit that is asked for next
 * @param {number[]} counts of the pupil's drawings of each digit
 */
export function collectWords(digit, counts) {
  if (Math.min(...counts) < ENOUGH) return `Now draw ${aDigit(digit)}.`;
  return `Done, thank you. You may go on: draw ${aDigit(digit)}.`;
}

/** A drawing in the strip, for a screen reader. @param {OwnDrawing} drawing */
export function described({ label, digit, confidence, status }) {
  const what = label === null ? "A drawing" : `Your ${label}`;
  if (digit === undefined) return `${what}: not sent yet`;
  if (status === "removed") return `${what}: removed by your teacher`;
  const waits = status === "waiting" ? ", waits for your teacher" : "";
  return `${what}: read as ${aDigit(digit)}, ${percent(confidence)} sure${waits}`;
}

/**
 * @param {number} count of drawings on their way
 * @param {import("./outbox.js").State} state
 * @param {{detail: string, retryAfter: number}} [error] why the server wants the page to wait
 */
export function sendingWords(count, state, error) {
  if (state === "unreachable") {
    const what = count === 1 ? "Your drawing is" : `Your ${count} drawings are`;
    return `The server can't be reached. ${what} safe, and the page keeps trying.`;
  }
  if (state === "waiting" && error) {
    const seconds = error.retryAfter === 1 ? "1 second" : `${whole(error.retryAfter)} seconds`;
    return `${error.detail} The page sends ${count === 1 ? "it" : "them"} again in ${seconds}.`;
  }
  return count > 1 ? `Sending ${count} drawings …` : "Sending …";
}

/** @param {number} strokes */
export function tooManyStrokes(strokes) {
  return `That is more than ${strokes} strokes. Clear the sheet, and draw it with fewer.`;
}

/** @param {{epoch: number, accuracy: number} | null} figures of the last epoch @param {number} step */
export function learned(figures, step) {
  if (step === 0) return "No step yet.";
  if (!figures) return `Step ${whole(step)}, in the first epoch.`;
  const reads = `It reads ${accuracy(figures.accuracy)} of the images held out right.`;
  return `Step ${whole(step)}. ${figures.epoch === 1 ? "1 epoch" : `${figures.epoch} epochs`} done. ${reads}`;
}

const NTH = ["first", "second", "third"];

/** @param {number} nth of three networks that learn one after the other, from 0 on */
export function raceWords(nth) {
  return `The ${NTH[nth] ?? "last"} of three networks is learning.`;
}

/** @param {{right: number, labelled: number}} answers of the network as it is */
export function ownRight({ right, labelled }) {
  if (labelled === 0) return "";
  return `It reads ${right} of your ${labelled} ${labelled === 1 ? "drawing" : "drawings"} right.`;
}
