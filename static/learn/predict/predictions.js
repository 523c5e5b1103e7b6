/**
 * Questions before a lesson's key moves: the reader predicts, the lesson makes the move, and the two are compared.
 *
 * @typedef {{truth: string, why: string}} Outcome `truth` is the choice that came true, `why` a sentence or two
 * @typedef {object} Prediction
 * @property {HTMLElement} [before] the part of the page that the question is about and stands before; usually the stage
 * @property {() => void} [setUp] shows what the question is about, when the reader comes to it from the one before
 * @property {() => void | Promise<Outcome | void>} begin makes the move, so that the page shows what happens; gives the
 *   outcome where the page doesn't show it
 * @property {() => Outcome | null} [outcome] from what the page shows; null while it does not know it
 */

import { addressNow, addressState, hiddenControls, linkToState, showAddress } from "../../page/address-state.js";
import { sentenceOf } from "../../page/api.js";
import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { answersOf, summaryOf, textOf } from "./predicted.js";
import { keepProgress, progressIn } from "./progress.js";

/**
 * @param {Record<string, Prediction>} predictions by the data-prediction of each question, in the page's order
 * @returns {() => void} to be called when what the page shows has changed
 */
export function mountPredictions(predictions) {
  const section = part(document, "predictions");
  const [count, summary, result] = ["count", "summary", "result"].map((name) => part(section, name));
  const [next, skip, again] = ["next", "skip", "again"].map((name) =>
    one(section, `[data-action=${name}]`, HTMLButtonElement),
  );
  const main = one(document, "main");
  const lesson = String(main.dataset.lesson);
  const [stage, ownWords] = ["stage", "own-words"].map((name) => part(main, name));
  const questions = all(section, "[data-prediction]", HTMLElement);
  const names = questions.map((question) => String(question.dataset.prediction));
  const state = addressState({ predicted: "" }, { predicted: isOfLesson });
  /** @type {{name: string, choice: string} | null} chosen, and not yet known whether it came true */
  let pending = null;
  /** @type {string | null} the question whose outcome is shown */
  let shown = null;
  /** @type {string | null} the address to come back to where all questions since then are skipped */
  let unasked = null;
  /** What the last question showed: where the reader has moved on from there, that stays. */
  let setUp = "";

  /** @param {string} text */
  function isOfLesson(text) {
    const answers = answersOf(text);
    return answers !== null && [...answers.keys()].every((name) => names.includes(name));
  }

  /** By a teacher's link. */
  function isHidden() {
    return hiddenControls().includes("predictions");
  }

  function answers() {
    return answersOf(state.get().predicted) ?? new Map();
  }

  function open() {
    const given = answers();
    return shown ?? names.find((name) => !given.has(name)) ?? null;
  }

  /** What the section stands before. @param {string | null} name of the open question, null at the end */
  function placeOf(name) {
    return name === null ? ownWords : (predictions[name].before ?? stage);
  }

  function show() {
    const given = answers();
    keepProgress(lesson, { predicted: state.get().predicted, left: isHidden() ? 0 : names.length - given.size });
    const name = open();
    const place = placeOf(name);
    if (place !== section.nextElementSibling) place.before(section);
    questions.forEach((question, i) => {
      question.hidden = names[i] !== name;
      if (!question.hidden) showChoices(question, given.get(name));
    });
    count.textContent = name === null ? "" : `${names.indexOf(name) + 1} of ${names.length}`;
    next.hidden = shown === null;
    skip.hidden = name === null || shown !== null;
    section.classList.toggle("is-over", name === null);
    main.dataset.question = (shown === null && !isHidden() && name) || "";
    main.classList.toggle("is-asking", name !== null && place === stage && !isHidden());
    next.textContent = given.size < names.length ? "Next question" : "Done";
    summary.hidden = again.hidden = name !== null;
    summary.textContent = name === null ? summaryOf(given) : "";
  }

  /**
   * @param {HTMLElement} question
   * @param {import("./predicted.js").Answer | undefined} answer
   */
  function showChoices(question, answer) {
    const { choice: chosen, truth } = typeof answer === "object" ? answer : { choice: pending?.choice, truth: null };
    for (const button of all(question, "[data-choice]", HTMLButtonElement)) {
      const { choice } = button.dataset;
      button.setAttribute("aria-pressed", String(choice === chosen));
      button.ariaDisabled = String(chosen !== undefined);
      button.classList.toggle("is-true", choice === truth);
    }
  }

  /** @param {string} choice */
  async function choose(choice) {
    const name = open();
    if (name === null || shown !== null || pending !== null) return;
    // Begun first: what the page shows until then is of an earlier move.
    const begun = predictions[name].begin();
    const mine = { name, choice };
    pending = mine;
    unasked = null;
    say("Now watch.");
    show();
    try {
      const outcome = await begun;
      // The reader may have moved on.
      if (pending === mine) update(outcome || undefined);
    } catch (problem) {
      if (pending !== mine) return;
      say(sentenceOf(problem));
      pending = null;
      show();
    }
  }

  function update(outcome = pending && predictions[pending.name].outcome?.()) {
    if (!pending || !outcome) return;
    const { name, choice } = pending;
    pending = null;
    shown = name;
    say(`${choice === outcome.truth ? "Yes." : "No."} ${outcome.why}`);
    state.set({ predicted: textOf(answers().set(name, { choice, truth: outcome.truth })) });
  }

  /** @param {HTMLElement} here what the section has stood before */
  function goOn(here) {
    shown = pending = null;
    say("");
    show();
    const name = open();
    if (name !== null) {
      unasked ??= addressNow();
      predictions[name].setUp?.();
      setUp = linkToState();
      one(questions[names.indexOf(name)], "[data-choice]", HTMLElement).focus({ preventScroll: true });
    } else {
      if (unasked !== null) showAddress(unasked);
      unasked = null;
      here.tabIndex = -1;
      here.focus({ preventScroll: true });
    }
  }

  /** Goes on, and scrolls to the next question where it stands elsewhere. @param {HTMLElement} here as above */
  function goOnThere(here) {
    goOn(here);
    const name = open();
    if (name !== null && placeOf(name) !== here) section.scrollIntoView();
  }

  /** @param {string} sentence */
  function say(sentence) {
    result.textContent = sentence;
  }

  function skipOne() {
    const name = open();
    if (name === null || shown !== null) return;
    if (unasked === null || linkToState() !== setUp) unasked = addressNow();
    state.set({ predicted: textOf(answers().set(name, "skip")) });
    goOn(placeOf(name));
  }

  section.addEventListener("click", ({ target }) => {
    const choice = target instanceof Element && target.closest("[data-choice]")?.getAttribute("data-choice");
    if (choice) choose(choice);
  });
  next.addEventListener("click", () => goOnThere(placeOf(shown)));
  skip.addEventListener("click", skipOne);
  again.addEventListener("click", () => {
    state.set({ predicted: undefined });
    goOnThere(ownWords);
  });
  // Elsewhere the key may end something else, such as the drag of a ball.
  document.addEventListener("keydown", ({ key, target }) => {
    const isHere = target instanceof Element && (section.contains(target) || target.contains(section));
    if (key === "Escape" && isHere && !isHidden()) skipOne();
  });
  state.onChange(() => {
    if (shown !== null && !answers().has(shown)) shown = null; // the reader went back
    show();
  });

  const { predicted } = progressIn(lesson);
  if (state.get().predicted === "" && isOfLesson(predicted)) state.set({ predicted });
  show();
  return () => update();
}
