/** The section "learning" of the draw page: a private copy of the network learns the drawing, step by step. */

import { counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { mountLayerPictures } from "../../network/layer-pictures.js";
import { valueAt } from "../../network/parameter-address.js";
import { mountRule } from "../../network/rule.js";
import { post, sentenceOf, Unreachable } from "../../page/api.js";
import { Asker } from "../../page/asker.js";
import { all, one } from "../../page/elements.js";
import { percent, short, whole, withMinus } from "../../page/format.js";
import { sayProblem } from "../../page/live-sentence.js";
import { part } from "../../page/part.js";
import { mountBackprop } from "./learning-backprop.js";
import { changesOf, largestOfFirst } from "./learning-changes.js";
import { furthest } from "./learning-deltas.js";
import { mountOutputs } from "./learning-outputs.js";
import { countedSteps } from "./learning-steps.js";

const MAX_STEPS = 100;
const MIN_SHOWN = 10;
const SHAPE = "784-16-16-10";
const INVITATION = "Draw a digit on the sheet above, then teach it here.";

/** @param {HTMLElement} body */
export function mount(body) {
  const [words, problem, results, cost, norm, changesTitle, change] = [
    ...["words", "problem", "results", "cost", "norm", "changes-title", "change"],
  ].map((name) => part(body, name));
  const form = one(body, "form", HTMLFormElement);
  const meant = all(form, "[name=meant]", HTMLInputElement);
  const rate = one(form, "select", HTMLSelectElement);
  const button = Object.fromEntries(all(form, "[data-action]").map((it) => [it.dataset.action, it]));
  const outputs = mountOutputs(part(body, "outputs"));
  const rule = mountRule(part(body, "rule"));
  const pictures = mountLayerPictures(part(body, "pictures"), pick);
  const backprop = mountBackprop(part(body, "backprop"));
  const chart = mountLineChart(one(body, "figure.line-chart"), {
    formatY: short,
    labelX: "step",
    labelY: "cost",
    read: ({ x, y }) => `After ${stepsText(x)}: ${short(y)}`,
  });

  const steps = countedSteps(MAX_STEPS);
  /** @type {{key: string, answer: any} | null} the drawing, as the network that answers sees it */
  let drawing = null;
  let hasChosenDigit = target() !== null; // perhaps before this module had come
  /** @type {Blob | null} the same after another network was chosen */
  let shownPicture = null;
  /** @type {import("../../network/parameter-name.js").Parameter | null} picked by the reader, else by the page */
  let picked = null;
  let hasPicked = false;
  /** @type {{key: string, answer: any, question: any, count: number, learned: any} | null} what was learned last */
  let found = null;
  let refusal = "";
  let news = "";

  const asker = new Asker(
    async (asked) => ({ ...asked, learned: await post("lessons/learning", asked.question) }),
    (outcome) => {
      if (outcome.kind === "unreachable") say(sentenceOf(new Unreachable()));
      else if (outcome.kind === "refused") refused(outcome.detail);
      else answered(outcome.answer);
    },
  );

  /** The digit that the reader meant, null where nobody said. */
  function target() {
    const chosen = meant.find((it) => it.checked);
    return chosen ? Number(chosen.value) : null;
  }

  function aimAt(digit) {
    for (const it of meant) it.checked = it.value === String(digit);
  }

  function ask() {
    const { answer } = drawing;
    const { count } = steps;
    const digit = target();
    if (digit === null) return clear();
    const { model, input } = answer;
    const question = {
      network: { model },
      input,
      digit,
      learning_rate: Number(rate.value),
      steps: Math.max(1, count), // what the first step would be is shown before it is taken
    };
    const key = drawing.key + JSON.stringify({ ...question, input: undefined });
    if (found?.key !== key) asker.ask({ key, answer, question, count }, true);
    else {
      asker.forget();
      answered({ ...found, count });
    }
  }

  function answered(next) {
    const shape = next.learned.activations.map(({ length }) => length).join("-");
    if (shape !== SHAPE) {
      refused(`These pictures are made for ${SHAPE}; “${next.answer.model}” is ${shape}. Choose “classic”.`);
      return;
    }
    found = next;
    show();
    say(refusal);
  }

  /** Goes back to the last steps that were answered; the reason stays on the page until the reader does something. */
  function refused(detail) {
    refusal = detail;
    if (steps.count > 0) {
      steps.undo();
      ask();
    } else clear();
    say(refusal);
  }

  function show() {
    const { question, count, learned } = found;
    const [first, now] = [learned.steps[0], learned.steps[count]];
    picked ??= largestOfFirst(learned.gradient);
    outputs.show(first.outputs, count > 0 ? now.outputs : null, question.digit);
    cost.textContent = count > 0 ? `${short(first.cost)} → ${short(now.cost)}` : short(first.cost);
    norm.textContent = count > 0 ? `${short(first.norm)} → ${short(now.norm)}` : short(first.norm);
    changesTitle.textContent = `${count > 0 ? `Step ${count}` : "The next step"}: 13,002 small changes`;
    const changes = changesOf(learned.gradient, question.learning_rate);
    pictures.show(changes, picked);
    change.textContent = `Change: ${signed(valueAt(changes, picked))}`;
    rule.show(picked, {
      old: valueAt(learned.before, picked),
      gradient: valueAt(learned.gradient, picked),
      learningRate: question.learning_rate,
    });
    backprop.show(learned, question.digit, picked);
    showChart(learned.steps.slice(0, count + 1));
    words.textContent = news + sentenceOn(found);
    results.toggleAttribute("inert", false);
    showButtons(true);
  }

  function showChart(costs) {
    const points = costs.map(({ cost: y }, x) => ({ x, y }));
    const end = points.at(-1);
    chart.show(
      {
        lines: [{ points, kind: "marked", name: "cost" }],
        marks: [{ ...end, kind: "ball" }],
        xRange: [0, Math.max(MIN_SHOWN, end.x + 1)], // + 1: so that the ball has room
        yRange: null,
        isLog: false,
      },
      `The cost after each step: ${short(points[0].y)} at first, ${short(end.y)} after ${stepsText(end.x)}. ` +
        courseWords(points, counted("step")),
    );
  }

  function clear() {
    found = null;
    asker.forget();
    outputs.show(null, null, null);
    /** @type {import("../../charts/line-chart.js").Content} */
    const empty = { lines: [], xRange: [0, MIN_SHOWN], yRange: [0, 1], isLog: false };
    chart.show(empty, "The cost after each step: none yet");
    cost.textContent = norm.textContent = "–";
    changesTitle.textContent = "13,002 small changes";
    if (!drawing) words.textContent = INVITATION;
    else words.textContent = target() === null ? `${answerOf(drawing)}. Which digit did you mean?` : "";
    results.toggleAttribute("inert", true);
    showButtons(false);
  }

  function showButtons(canLearn) {
    const canStep = canLearn && !steps.isFull;
    const canUndo = steps.count > 0;
    const can = { one: canStep, ten: canStep, undo: canUndo, over: canUndo };
    // Not `disabled`: the focus would be lost while somebody learns by keyboard.
    for (const [action, it] of Object.entries(button)) it.ariaDisabled = String(!can[action]);
    button.undo.textContent = steps.undoable > 1 ? `Undo ${steps.undoable} steps` : "Undo step";
  }

  function say(text) {
    sayProblem(problem, text);
  }

  /** Lets the page pick a parameter again, unless the reader has picked one. */
  function suggestAgain() {
    if (!hasPicked) picked = null;
  }

  function act(step) {
    if (!drawing) return;
    step();
    refusal = news = "";
    ask();
  }

  function pick(parameter) {
    picked = parameter;
    hasPicked = true;
    backprop.work(parameter);
    if (found) show();
  }

  const actions = {
    one: () => steps.take(1),
    ten: () => steps.take(10),
    undo: () => steps.undo(),
    over: () => steps.startOver(),
  };
  for (const [action, it] of Object.entries(button)) {
    it.addEventListener("click", () => it.ariaDisabled !== "true" && act(actions[action]));
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    hasChosenDigit ||= target !== rate;
    act(suggestAgain);
  });
  window.addEventListener("online", () => asker.retry());

  return {
    /** @param {import("../inside.js").Answered} answered */
    show({ answer, picture, label, settled }) {
      if (!settled) return;
      const key = JSON.stringify([answer.model, answer.version, answer.input]);
      if (key === drawing?.key) return;
      news = steps.count > 0 ? "A new drawing: back to 0 steps. " : "";
      refusal = "";
      drawing = { key, answer };
      steps.startOver();
      // Never from the answer, which may be wrong. What the reader chose for a drawing stays, as the next may be the same.
      if (label !== null && picture !== shownPicture) hasChosenDigit = false;
      shownPicture = picture;
      if (!hasChosenDigit) aimAt(label);
      suggestAgain();
      ask();
    },
    blank() {
      drawing = null;
      refusal = news = "";
      steps.startOver();
      clear();
      say("");
    },
  };
}

/** What the network itself answers. */
function answerOf({ answer }) {
  return `The network says ${answer.digit} (${percent(answer.confidence)})`;
}

function sentenceOn({ answer, question, count, learned }) {
  if (count === 0) {
    return question.digit === answer.digit
      ? `${answerOf({ answer })}. Choose another digit, take a step, and see.`
      : `${answerOf({ answer })}, but you meant ${question.digit}. Take a step towards that.`;
  }
  const { outputs, norm } = learned.steps[count];
  const said = furthest(outputs);
  const sentences = [
    `After ${stepsText(count)} the copy says ${said} (${percent(outputs[said])}).`,
    `The network above stays as it is: ${answer.digit} (${percent(answer.confidence)}).`,
  ];
  if (norm === 0) sentences.push("The gradient is 0 here: no slope is left to follow.");
  if (count === MAX_STEPS) sentences.push(`You can take at most ${MAX_STEPS} steps here.`);
  return sentences.join(" ");
}

/** @param {number} number */
function signed(number) {
  return `${number > 0 ? "+" : ""}${withMinus(short(number))}`;
}

function stepsText(count) {
  return count === 1 ? "1 step" : `${whole(count)} steps`;
}
