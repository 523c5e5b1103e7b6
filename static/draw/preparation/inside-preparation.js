/** The section "preparation" of the draw page: the way from the stroke to its input, each step with a switch. */

import { mountProbabilityBars } from "../../network/probability-bars.js";
import { postPicture } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { all, one } from "../../page/elements.js";
import { percent } from "../../page/format.js";
import { inkPlace } from "../../page/ink-place.js";
import { problemOf, sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { inCorner, mountStagePicture } from "../preparation-picture.js";
import { leftOut, verdict } from "./preparation-words.js";

const INVITATION = "Draw a digit, and you see its way to the input.";
const UNREACHABLE = "The server can't be reached. The page keeps trying, and your switches stay as they are.";
const CHOSEN = "With your switches";

/** @param {HTMLElement} body */
export function mount(body) {
  const [words, problem] = ["verdict", "problem"].map((name) => part(body, name));
  const small = part(body, "small", HTMLInputElement);
  const switches = all(body, "input[value]", HTMLInputElement);
  const answers = Object.fromEntries(["all", "chosen"].map((name) => [name, mountAnswer(body, name)]));
  const stages = all(body, "[data-stage]").map(mountStage);
  const restore = one(body, "[data-action=restore]");
  /** @type {{picture: Blob, model: string} | null} */
  let drawing = null;

  const asker = new Asker(prepared, (outcome) => {
    sayProblem(problem, problemOf(outcome, UNREACHABLE), words);
    if (outcome.kind === "answered") show(outcome.answer);
  });

  const without = () => switches.filter(({ checked }) => !checked).map(({ value }) => value);

  function ask(settled) {
    if (drawing) asker.ask({ ...drawing, without: without(), isSmall: small.checked }, settled);
  }

  async function prepared({ picture, model, without, isSmall }, signal) {
    const preparation = (body, left) => {
      const query = new URLSearchParams([["model", model], ...left.map((step) => ["without", step])]);
      return postPicture(`lessons/preparation?${query}`, body, signal);
    };
    // From a stage, since the browser may be unable to show the picture itself.
    const subject = isSmall ? await inCorner((await preparation(picture, [])).stages[0]) : picture;
    const asked = [preparation(subject, [])];
    if (without.length > 0) asked.push(preparation(subject, without));
    const [all, chosen = all] = await Promise.all(asked);
    return { all, chosen, without, isSmall };
  }

  function show({ all, chosen, without, isSmall }) {
    for (const [i, stage] of chosen.stages.entries()) stages[i].show(stage);
    answers.all.show(all);
    answers.chosen.show(chosen, without.length > 0 ? leftOut(without) : CHOSEN);
    setText(words, verdict(all, chosen, without, isSmall));
  }

  function switched() {
    for (const stage of stages) stage.switched();
    restore.ariaDisabled = String(!small.checked && without().length === 0);
    ask(true);
  }

  /** @param {{small: boolean, without: string[]}} wanted */
  function set(wanted) {
    small.checked = wanted.small;
    for (const box of switches) box.checked = !wanted.without.includes(box.value);
    switched();
  }

  for (const box of [small, ...switches]) box.addEventListener("change", switched);
  one(body, "[data-action=corner]").addEventListener("click", () => set({ small: true, without: ["centre"] }));
  restore.addEventListener("click", () => restore.ariaDisabled === "true" || set({ small: false, without: [] }));
  addEventListener("online", () => asker.retry());

  return {
    show({ answer, picture, settled }) {
      drawing = { picture, model: answer.model };
      ask(settled);
    },
    blank() {
      drawing = null;
      asker.forget();
      sayProblem(problem, "", words);
      setText(words, INVITATION);
      for (const stage of stages) stage.show(null);
      for (const answer of Object.values(answers)) answer.show(null);
    },
  };
}

/**
 * One picture of the strip; it is pale while its step is left out.
 *
 * @param {HTMLElement} element
 */
function mountStage(element) {
  const canvas = one(element, "canvas", HTMLCanvasElement);
  const picture = mountStagePicture(canvas);
  const [box = null] = all(element, "input[value]", HTMLInputElement);
  const name = (box?.parentElement ?? element.querySelector("h3")).textContent.trim();

  return {
    /** @param {import("../preparation-picture.js").Stage | null} stage */
    show(stage) {
      picture.show(stage);
      const left = box && !box.checked ? " (left out)" : "";
      canvas.setAttribute("aria-label", `${name}${left}: ${stage ? inkPlace(stage) : "nothing yet"}`);
    },
    switched() {
      element.classList.toggle("is-left-out", box !== null && !box.checked);
    },
  };
}

/**
 * @param {HTMLElement} body
 * @param {string} name
 */
function mountAnswer(body, name) {
  const element = one(body, `[data-answer=${name}]`);
  const showBars = mountProbabilityBars(all(element, "li"), "blockSize", (share) => `: ${percent(share)}`);

  return {
    /**
     * @param {{digit: number, confidence: number, probabilities: number[]} | null} answer
     * @param {string} [title]
     */
    show(answer, title) {
      if (title) part(element, "title").textContent = title;
      part(element, "digit").textContent = answer ? String(answer.digit) : "";
      part(element, "confidence").textContent = answer ? `${percent(answer.confidence)} sure` : "";
      showBars(answer);
    },
  };
}
