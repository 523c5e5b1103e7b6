/** The section "evidence" of the draw page: which ink counts for the answer, and for any other digit. */

import { mountHeatMap } from "../../charts/heat-map.js";
import { piecesOf } from "../../network/kinds.js";
import { post, postPicture, request } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { all, one } from "../../page/elements.js";
import { short } from "../../page/format.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { mountEvidenceDrawing } from "./evidence-drawing.js";
import { mountMind } from "./evidence-mind.js";
import {
  fullColour,
  pixelWords,
  restTitle,
  scoreWords,
  sentence,
  shares,
  signed,
  summary,
  title,
} from "./evidence-words.js";

const SIDE = 28;
const NOTHING = new Array(SIDE * SIDE).fill(0);
const INVITATION = "Draw a digit to see which ink counts for the answer.";
const READ = "Point at a pixel, or use the arrow keys.";
const UNREACHABLE = "The server can't be reached. The page keeps trying.";

/**
 * @param {HTMLElement} body
 * @param {import("../inside.js").Page} page
 */
export function mount(body, page) {
  const [words, problem, under] = ["sentence", "problem", "under"].map((name) => part(body, name));
  const buttons = all(body, "[data-digit]");
  /** @type {any} the newest answer of /predict, and its picture */
  let latest = null;
  /** @type {number | null} the digit asked about, null for that of the answer */
  let chosen = null;
  let shown = null;
  let hovered = null;
  let pinned = null;
  /** @type {Map<string, Promise<string>>} */
  const activations = new Map();

  const picture = mountHeatMap(part(body, "picture"), {
    label: "Which ink counts for the answer: nothing yet",
    columns: SIDE,
    rows: SIDE,
    onHover: (pixel) => {
      hovered = pixel;
      read();
    },
    onPick: (pixel) => {
      pinned = pixel === pinned ? null : pixel;
      showPicture();
    },
    describe: (pixel) => (shown ? wordsOf(pixel) : ""),
  });
  const canvas = part(body, "drawing", HTMLCanvasElement);
  const drawing = mountEvidenceDrawing(canvas);
  const mind = mountMind(
    {
      section: part(body, "mind-section"),
      words: part(body, "mind"),
      problem: part(body, "mind-problem"),
      add: part(body, "add"),
      canvas,
    },
    drawing.ring,
    page.lay,
  );

  const asker = new Asker(found, (outcome) => {
    sayProblem(problem, problemOf(outcome, UNREACHABLE), words);
    if (outcome.kind === "answered") show(outcome.answer);
  });

  function ask(settled) {
    if (latest) asker.ask({ ...latest, digit: chosen ?? latest.answer.digit }, settled);
  }

  async function found({ answer, picture, digit }, signal) {
    const model = encodeURIComponent(answer.model);
    const evidence = (about) => post(`lessons/evidence?model=${model}`, { input: answer.input, digit: about });
    const [preparation, activation, ofAnswer, ofDigit] = await Promise.all([
      postPicture(`lessons/preparation?model=${model}`, picture, signal),
      activationOf(answer),
      evidence(answer.digit),
      digit === answer.digit ? null : evidence(digit),
    ]);
    return { answer, digit, preparation, activation, ofAnswer, ofDigit: ofDigit ?? ofAnswer };
  }

  /** @returns {Promise<string>} asked for once a version */
  function activationOf({ model, version }) {
    const key = `${model} ${version}`;
    if (!activations.has(key)) {
      const asked = request(`models/${encodeURIComponent(model)}`).then(({ activation }) => activation);
      asked.catch(() => activations.delete(key));
      activations.set(key, asked);
    }
    return activations.get(key);
  }

  function show(next) {
    const { answer, digit, preparation, activation, ofAnswer, ofDigit } = next;
    // One scale for both digits: the same colour is the same number.
    shown = { ...next, scale: fullColour([ofAnswer.evidence, ofDigit.evidence]) };
    const scores = { answer: ofAnswer.score, digit: ofDigit.score };
    setText(words, sentence({ digit, answer: answer.digit, scores, probabilities: answer.probabilities }));
    showButtons(digit, answer.digit);
    showSums(digit === answer.digit ? [ofAnswer] : [ofAnswer, ofDigit]);
    part(body, "answer").textContent = `for ${answer.digit}`;
    part(body, "other").textContent = digit === answer.digit ? "" : `for ${digit}`;
    one(body, "[data-row=rest] th").textContent = restTitle(piecesOf(activation) !== null);
    part(body, "score").textContent = scoreWords(digit, ofDigit);
    part(body, "scale").textContent = `Strongest colour at ${short(Number(shown.scale.toPrecision(2)))} or more.`;
    showPicture();
    const { stages, place } = preparation;
    drawing.show({ stage: stages[0], place, evidence: ofDigit.evidence, scale: shown.scale });
  }

  function showPicture() {
    if (!shown) return;
    const { ofDigit, digit, scale, answer } = shown;
    const words = summary(ofDigit.evidence, digit);
    picture.show(ofDigit.evidence, { signed: true, scale, under: answer.input, picked: pinned, summary: words });
    read();
  }

  function showButtons(digit, answer) {
    part(body, "title").textContent = digit === null ? "Why?" : title(digit, answer);
    buttons.forEach((button, which) => {
      button.ariaPressed = String(which === digit);
      button.ariaDisabled = String(digit === null);
      button.ariaLabel = title(which, answer);
    });
  }

  /** @param {any[]} evidences of the answer, and of the digit asked about where that is another */
  function showSums(evidences) {
    const columns = evidences.map(({ evidence, bias_share: rest, score }) => ({ ...shares(evidence), rest, score }));
    for (const row of all(body, "[data-row]")) {
      row.querySelectorAll("td").forEach((cell, i) => {
        cell.textContent = columns[i] ? signed(columns[i][row.dataset.row]) : i === 0 ? "–" : "";
      });
    }
  }

  function wordsOf(pixel) {
    return pixelWords(pixel, shown.answer.input[pixel], shown.ofDigit.evidence[pixel], shown.digit);
  }

  function read() {
    const pixel = hovered ?? pinned;
    under.textContent = shown && pixel !== null ? wordsOf(pixel) : READ;
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (!latest) return;
      const digit = Number(button.dataset.digit);
      // Asked about the answer, the question follows the answer when that changes.
      chosen = digit === latest.answer.digit ? null : digit;
      ask(true);
    });
  }
  addEventListener("online", () => asker.retry());

  return {
    show({ answer, picture, settled }) {
      latest = { answer, picture };
      ask(settled);
      mind.about({ picture, model: answer.model, version: answer.version }, settled);
    },
    blank() {
      [latest, chosen, shown, pinned] = [null, null, null, null];
      asker.forget();
      sayProblem(problem, "", words);
      setText(words, INVITATION);
      showButtons(null, null);
      showSums([]);
      part(body, "answer").textContent = "–";
      for (const name of ["other", "scale", "score"]) part(body, name).textContent = "";
      picture.show(NOTHING, { signed: true, summary: "Which ink counts for the answer: nothing yet" });
      drawing.show(null);
      mind.blank();
      read();
    },
  };
}
