/**
 * The network of a run, now or after a chosen step: its weights as pictures, its diagram, and its answers to the drawing
 * and the examples. All of them show the same step.
 */

import { mountAnswerView } from "../../network/answer-view.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { request, sentenceOf, Unreachable } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { all, one } from "../../page/elements.js";
import { percent, short } from "../../page/format.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { isActive } from "../run-words.js";
import { mountRunDiagram } from "./run-live-diagram.js";
import { mountExamples, rounded } from "./run-live-examples.js";
import { Looks } from "./run-live-look.js";
import { exampleSet } from "./run-live-names.js";
import { mountRunPictures } from "./run-live-pictures.js";
import { Frames } from "./run-time-frames.js";
import { mountTimeMachine, placeWords } from "./run-time-machine.js";

/**
 * @import {AddressState} from "../../page/address-state.js"
 * @import {Input} from "../../sheet/own-drawing.js"
 * @import {RunStory} from "../run-story.js"
 * @import {Run} from "../types.js"
 * @import {Frame, Place} from "./run-time-frames.js"
 * @import {Parameters} from "./run-time-parameters.js"
 * @typedef {{own: number[] | null, inputs: number[][]}} Question the input of the drawing, if any, and all inputs
 */

const ANNOUNCE_AFTER = 1_000;
const NO_ANSWER = "The numbers of this network are too large to compute with: it has no answer.";

/**
 * @param {HTMLElement} main
 * @param {object} what
 * @param {Run} what.run
 * @param {string[]} what.names of its classes
 * @param {AddressState} what.state with `step` and `change`
 * @param {() => void} what.onPlace called after another step was chosen
 */
export function mountRunLive(main, { run: first, names, state, onPlace }) {
  const { settings } = first;
  const path = `runs/${first.id}/checkpoints`;
  const shape = { sizes: [784, ...settings.hidden, 10], activation: settings.activation, cost: settings.cost };
  const tenNames = Array.from({ length: 10 }, (_, i) => names[i] ?? String(i));
  const problem = part(main, "timeProblem");
  const announce = mountAnnouncer(part(main, "timeStatus"), ANNOUNCE_AFTER);
  const frames = new Frames(path, shape);
  const looks = new Looks(() => document.hidden || ask(false));

  let run = first;
  /** @type {RunStory | null} */
  let story = null;
  /** @type {number[] | null} the steps of the checkpoints, once they are known */
  let recorded = null;
  /** @type {Input | null} */
  let drawn = null;
  /** @type {number[][]} */
  let exampleInputs = [];
  /** @type {Question} */
  let asking = { own: null, inputs: [] };
  /** @type {Frame | null} */
  let shown = null;
  let hasNetwork = false;
  let isAwaited = false;

  const ofNetwork = [".run-pictures", ".run-drawing", ".run-diagram"].map((selector) => one(main, selector));
  const [picturesSection, drawingSection, diagramSection] = ofNetwork;
  const pictures = mountRunPictures(picturesSection, shape);
  const diagram = mountRunDiagram(diagramSection, shape, names);
  // Not announced, since the network changes by itself; what the user changes is announced below.
  const answerView = mountAnswerView(one(main, "#answer"), null, tenNames);
  for (const row of all(main, "#answer [data-digit]")) {
    one(row, ".bar-name").textContent = tenNames[Number(row.dataset.digit)];
  }
  drawingSection.classList.toggle(
    "has-names",
    names.some((name) => name.length > 1),
  );

  const asker = new Asker(
    /** @param {{place: Place, question: Question, isChange: boolean}} asked @param {AbortSignal} signal */
    async ({ place, question, isChange }, signal) => {
      const frame = await frames.frameAt(place, question.inputs, signal);
      const start = isChange && recorded?.length ? await frames.parametersAt(recorded[0], signal) : null;
      return { frame, start, question };
    },
    (outcome) => {
      if (outcome.kind === "unreachable") return say(sentenceOf(new Unreachable()));
      looks.ended();
      if (outcome.kind === "refused") {
        time.pause();
        return say(outcome.detail);
      }
      say("");
      show(outcome.answer);
      time.arrived();
    },
  );
  const stepsAsker = new Asker(
    (_, signal) => request(path, { signal }),
    (outcome) => {
      if (outcome.kind !== "answered") return;
      const isFirst = recorded === null;
      /** @type {number[]} */
      const steps = outcome.answer.steps;
      recorded = steps;
      hasNetwork ||= steps.length > 0;
      time.add(steps);
      showTime();
      if (isFirst) ask(true);
    },
  );
  const time = mountTimeMachine(one(main, ".run-time"), state, (_, isSettled) => {
    isAwaited = true;
    onPlace();
    ask(isSettled);
  });
  const examples = mountExamples(
    one(main, ".run-examples"),
    { dataset: exampleSet(settings.dataset), names },
    (inputs) => {
      exampleInputs = inputs;
      compose();
      ask(true);
    },
  );

  /** @param {boolean} isSettled */
  function ask(isSettled) {
    // Not before the first checkpoint, nor before the step in the address can be found among the checkpoints.
    if (!hasNetwork || (state.get().step !== null && recorded === null)) return;
    looks.began();
    asker.ask({ place: time.place, question: asking, isChange: state.get().change }, isSettled);
  }

  /** The drawing first, then the examples. An example on the sheet has exactly the input of the example beside it. */
  function compose() {
    const own = drawn && ((drawn.meant === null ? null : exampleInputs[drawn.meant]) ?? rounded(drawn.input));
    asking = { own, inputs: own ? [own, ...exampleInputs] : exampleInputs };
  }

  /** @param {{frame: Frame, start: Parameters | null, question: Question}} answered */
  function show({ frame, start, question: { own } }) {
    shown = frame;
    const answers = [...frame.answers];
    const found = (own && answers.shift()) ?? null;
    const answer = found && Number.isFinite(found.confidence) ? found : null;
    pictures.show(frame.parameters, start);
    examples.show(answers);
    diagram.show(frame.parameters, answer, own);
    if (answer) answerView.answered({ ...answer, input: own });
    else if (found) answerView.refused(NO_ANSWER);
    else answerView.blank();
    showTime();
    if (isAwaited)
      announce(
        `${wordsOf(frame.place)}${answer ? `: ${tenNames[answer.digit]}, ${percent(answer.confidence)} sure` : ""}`,
      );
    isAwaited = false;
  }

  /** @param {Place} place */
  function wordsOf(place) {
    if (run.status === "queued") return "has not begun yet";
    const step = place !== "now" ? place : shown?.place === "now" ? shown.step : (story?.step ?? 0);
    const epochs = story?.epochsAt(step) ?? null;
    // The network of the end may still be on its way.
    const words = placeWords(place, step, isActive(run) || step < run.step ? "now" : "at its end");
    return epochs === null ? words : `${words}, ${short(Number(epochs.toFixed(2)))} epochs`;
  }

  function isOver() {
    return !isActive(run) && run.status !== "queued";
  }

  function showTime() {
    const isEmpty = isOver() && recorded?.length === 0 && shown === null;
    time.show(wordsOf, isEmpty);
    for (const section of ofNetwork) section.hidden = isEmpty;
    if (!shown) diagramSection.hidden = true; // not a network without numbers
  }

  /** @param {string} sentence */
  function say(sentence) {
    sayProblem(problem, sentence);
  }

  if (!isOver()) one(main, "#answer [data-part=sentence]").textContent = "The network answers once it learns.";
  state.onChange((now, before) => now.change !== before.change && ask(true));
  document.addEventListener("visibilitychange", () => document.hidden || looks.news());
  addEventListener("online", () => asker.retry());
  mountOwnDrawing(one(main, "#own-drawing"), state, (input) => {
    drawn = input;
    isAwaited = true;
    compose();
    ask(false);
  });
  state.bind(one(main, ".run-live"));
  stepsAsker.ask(path, true);

  return {
    /** The chosen step, null for now. */
    get place() {
      return time.place === "now" ? null : time.place;
    },
    /**
     * @param {string} type
     * @param {any} data
     */
    onEvent(type, data) {
      hasNetwork ||= type === "checkpoint";
      // Those of a run that is over may have been removed: `path` names the others.
      if (type === "checkpoint" && !isOver()) time.add([data.step]);
      else if (type === "end") stepsAsker.ask(path, true); // there is no event for the last checkpoint
      if (time.place === "now") looks.news();
    },
    /**
     * @param {Run} nextRun
     * @param {RunStory} nextStory
     */
    show(nextRun, nextStory) {
      [run, story] = [nextRun, nextStory];
      showTime();
    },
  };
}
