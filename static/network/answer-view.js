/** Shows an answer: the digit, how sure the network is in words, a bar for each digit, and what it saw. */

import { mountAnnouncer } from "../page/announcer.js";
import { percent } from "../page/format.js";

/** Below this the page says that the network is not sure, and names the two likeliest digits. */
export const SURE_FROM = 0.8;

const DIGITS = [..."0123456789"];
const INVITATION = "The network answers while you draw.";
const UNREACHABLE = "The server can't be reached. Your drawing is safe, and the page keeps trying.";
// Long enough for a hand to go on drawing.
const ANNOUNCE_AFTER = 700;

/**
 * @param {HTMLElement} section
 * @param {HTMLElement | null} announcement an aria-live region; null where answers change by themselves
 * @param {string[]} [names] of the ten classes, where these are not the digits
 */
export function mountAnswerView(section, announcement, names = DIGITS) {
  const part = (name) => section.querySelector(`[data-part=${name}]`);
  const [digit, sentence, problem, seen] = ["digit", "sentence", "problem", "seen"].map(part);
  const bars = [...section.querySelectorAll("[data-digit]")];
  const announce = announcement ? mountAnnouncer(announcement, ANNOUNCE_AFTER) : () => {};

  function show(state, { answer = null, text = "", trouble = "" }) {
    section.dataset.state = state;
    digit.textContent = answer ? names[answer.digit] : "";
    sentence.textContent = text;
    problem.textContent = trouble;
    problem.hidden = trouble === "";
    showBars(answer);
    if (answer) showSeen(seen, answer.input);
    announce(trouble || (answer ? `${names[answer.digit]}. ${text}` : ""));
  }

  function showBars(answer) {
    bars.forEach((row, i) => {
      const share = answer?.probabilities[i];
      row.querySelector(".bar").style.inlineSize = `${(share ?? 0) * 100}%`;
      row.querySelector(".bar-share").textContent = answer ? percent(share) : "";
      row.classList.toggle("is-likeliest", answer?.digit === i);
    });
  }

  return {
    blank: () => show("blank", { text: INVITATION }),
    refused: (detail) => show("refused", { trouble: detail }),
    unreachable: () => show("unreachable", { trouble: UNREACHABLE }),
    answered(answer) {
      const isSure = answer.confidence >= SURE_FROM;
      const text = isSure
        ? `${percent(answer.confidence).replace(">", "More than ")} sure`
        : doubt(answer.probabilities, names);
      show(isSure ? "sure" : "unsure", { answer, text });
    },
  };
}

/**
 * @param {number[]} probabilities
 * @param {string[]} names
 */
function doubt(probabilities, names) {
  const [first, second] = probabilities
    .map((share, digit) => ({ share, name: names[digit] }))
    .sort((a, b) => b.share - a.share);
  return `Not sure: ${first.name} (${percent(first.share)}) or ${second.name} (${percent(second.share)})?`;
}

/**
 * @param {HTMLCanvasElement} canvas 28x28, enlarged by the style sheet without smoothing
 * @param {number[]} input 784 numbers in 0..1, 1 = ink
 */
function showSeen(canvas, input) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  input.forEach((ink, i) => image.data.set([255 * ink, 255 * ink, 255 * ink, 255], 4 * i));
  context.putImageData(image, 0, 0);
}
