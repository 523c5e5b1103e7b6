/**
 * The network of a run as it is at a place in time, now or after a step: its weights as pictures, its diagram, and what
 * it answers to the drawing and to the examples. All of these move together.
 */

import { mountAnswerView } from "../../network/answer-view.js";
import { mountAnnouncer } from "../../page/announcer.js";
import { request, sentenceOf, Unreachable } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { percent, short } from "../../page/format.js";
import { sayProblem } from "../../page/live-sentence.js";
import { mountOwnDrawing } from "../../sheet/own-drawing.js";
import { isActive } from "../run-words.js";
import { mountRunDiagram } from "./run-live-diagram.js";
import { mountExamples, rounded } from "./run-live-examples.js";
import { Looks } from "./run-live-look.js";
import { mountRunPictures } from "./run-live-pictures.js";
import { Frames } from "./run-time-frames.js";
import { mountTimeMachine, placeWords } from "./run-time-machine.js";

const ANNOUNCE_AFTER = 1_000;

/**
 * @param {HTMLElement} main
 * @param {object} what
 * @param {any} what.run
 * @param {string[]} what.names of its classes
 * @param {import("../../page/address-state.js").AddressState} what.state with `step` and `change`
 * @param {() => void} what.onPlace after another place in time was chosen
 */
export function mountRunLive(main, { run: first, names, state, onPlace }) {
  const { settings } = first;
  const path = `runs/${first.id}/checkpoints`;
  const shape = { sizes: [784, ...settings.hidden, 10], activation: settings.activation, cost: settings.cost };
  const find = (selector) => /** @type {HTMLElement} */ (main.querySelector(selector));
  const tenNames = Array.from({ length: 10 }, (_, i) => names[i] ?? String(i));
  const problem = find("[data-part=timeProblem]");
  const announce = mountAnnouncer(find("[data-part=timeTold]"), ANNOUNCE_AFTER);
  const frames = new Frames(path, shape);
  const looks = new Looks(() => document.hidden || ask(false));

  let run = first;
  /** @type {import("../run-story.js").RunStory | null} */
  let story = null;
  /** @type {number[] | null} the recorded steps, once they were asked for */
  let recorded = null;
  /** @type {import("../../sheet/own-drawing.js").Input | null} */
  let drawn = null;
  /** @type {number[][]} */
  let exampleInputs = [];
  /** @type {{own: number[] | null, inputs: number[][]}} */
  let asking = { own: null, inputs: [] };
  /** @type {import("./run-time-frames.js").Frame | null} */
  let shown = null;
  let hasNetwork = false;
  let isAwaited = false;

  const ofNetwork = [".run-pictures", ".run-drawing", ".run-diagram"].map(find);
  const pictures = mountRunPictures(find(".run-pictures"), shape);
  const diagram = mountRunDiagram(find(".run-diagram"), shape, names);
  // What changes by itself is not read out each time; what a hand has changed is.
  const answerView = mountAnswerView(find("#answer"), null, tenNames);
  for (const row of main.querySelectorAll("#answer [data-digit]")) {
    row.querySelector(".bar-name").textContent = tenNames[row.dataset.digit];
  }
  find(".run-drawing").classList.toggle(
    "has-names",
    names.some((name) => name.length > 1),
  );

  const asker = new Asker(
    async ({ place, question, isChange }, signal) => {
      const frame = await frames.frameAt(place, question.inputs, signal);
      const start = isChange && recorded?.length ? await frames.parametersAt(recorded[0], signal) : null;
      return { frame, start, question };
    },
    (outcome) => {
      if (outcome.kind === "unreachable") return say(sentenceOf(new Unreachable()));
      looks.ended();
      if (outcome.kind === "refused") {
        time.hold();
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
      recorded = outcome.answer.steps;
      hasNetwork ||= recorded.length > 0;
      time.add(recorded);
      showTime();
      if (isFirst) ask(true);
    },
  );
  const time = mountTimeMachine(find(".run-time"), state, (place, isSettled) => {
    isAwaited = true;
    onPlace();
    ask(isSettled);
  });
  const examples = mountExamples(find(".run-examples"), { dataset: settings.dataset, names }, (inputs) => {
    exampleInputs = inputs;
    compose();
    ask(true);
  });

  function ask(isSettled) {
    // Nothing is asked about before the run has recorded something, or while it isn't known which place is meant.
    if (!hasNetwork || (state.get().step !== null && recorded === null)) return;
    looks.began();
    asker.ask({ place: time.place, question: asking, isChange: state.get().change }, isSettled);
  }

  /** The drawing first, then the examples; an example on the sheet is the very same input as beside it. */
  function compose() {
    const own = drawn && ((drawn.meant === null ? null : exampleInputs[drawn.meant]) ?? rounded(drawn.input));
    asking = { own, inputs: own ? [own, ...exampleInputs] : exampleInputs };
  }

  function show({ frame, start, question: { own } }) {
    shown = frame;
    const answers = [...frame.answers];
    const answer = own ? answers.shift() : null;
    pictures.show(frame.parameters, start);
    examples.show(answers);
    diagram.show(frame.parameters, answer ?? null, own);
    if (answer) answerView.answered({ ...answer, input: own });
    else answerView.blank();
    showTime();
    if (isAwaited)
      announce(
        `${wordsOf(frame.place)}${answer ? `: ${tenNames[answer.digit]}, ${percent(answer.confidence)} sure` : ""}`,
      );
    isAwaited = false;
  }

  function wordsOf(place) {
    if (run.status === "queued") return "has not begun yet";
    const step = place !== "now" ? place : shown?.place === "now" ? shown.step : (story?.step ?? 0);
    const epochs = story?.epochsAt(step) ?? null;
    const words = placeWords(place, step, isActive(run) ? "now" : "at its end");
    return epochs === null ? words : `${words}, ${short(Number(epochs.toFixed(2)))} epochs`;
  }

  function showTime() {
    const isOver = !isActive(run) && run.status !== "queued" && recorded !== null;
    const isEmpty = isOver && recorded.length === 0 && shown === null;
    time.tell(wordsOf, isEmpty);
    for (const section of ofNetwork) section.hidden = isEmpty; // without a network there is nothing to see in them
  }

  function say(sentence) {
    sayProblem(problem, sentence);
  }

  state.onChange((now, before) => now.change !== before.change && ask(true));
  document.addEventListener("visibilitychange", () => document.hidden || looks.news());
  addEventListener("online", () => asker.retry());
  mountOwnDrawing(find("#own-drawing"), state, (input) => {
    drawn = input;
    isAwaited = true;
    compose();
    ask(false);
  });
  state.bind(find(".run-live"));
  stepsAsker.ask(path, true);

  return {
    /** The step that is looked back at, or null for now. */
    get place() {
      return time.place === "now" ? null : time.place;
    },
    /**
     * @param {string} type
     * @param {any} data
     */
    tell(type, data) {
      hasNetwork ||= type === "checkpoint";
      if (type === "checkpoint") time.add([data.step]);
      else if (type === "end") stepsAsker.ask(path, true); // its last network was recorded without a word
      if (time.place === "now") looks.news();
    },
    /**
     * @param {any} nextRun
     * @param {import("../run-story.js").RunStory} nextStory
     */
    show(nextRun, nextStory) {
      [run, story] = [nextRun, nextStory];
      showTime();
    },
  };
}
