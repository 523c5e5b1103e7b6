/** More steps of gradient descent, on the digits that the reader drew and labelled. */

import { short } from "../page/numbers.js";
import { descend, feedforward, meanCost } from "./network.js";
import { element, paintPixels } from "./views.js";

// So many steps between two pictures of the screen.
const STEPS_A_FRAME = 3;
const DRAW_FIRST = "Draw first, then keep the drawing as what it is.";
const TOO_LARGE =
  "The steps were too large: the cost grew until it was no number. The network is as it was at first. " +
  "Choose a smaller learning rate.";
// The cost's curve is drawn in a picture of this size.
const [WIDTH, HEIGHT] = [600, 160];

/**
 * @param {import("./network.js").Network} network which learns
 * @param {string[]} names of the ten answers
 * @param {object} page
 * @param {() => number[] | null} page.take the input that is on the sheet, which is cleared; null for a blank one
 * @param {() => void} page.changed after each change of the network
 * @param {() => import("./network.js").Layer[]} page.original the layers as they were at first
 * @param {(text: string) => void} page.say
 */
export function mountLearning(network, names, { take, changed, original, say }) {
  const [list, words, chart, learn, reset] = ["examples", "learned", "chart", "learn", "reset"].map((id) =>
    document.getElementById(id),
  );
  const [rate, count] = ["rate", "count"].map((id) => /** @type {HTMLSelectElement} */ (document.getElementById(id)));
  /** @type {(import("./network.js").Example & {label: number})[]} */
  let examples = [];
  /** @type {number[]} the cost before the first step and after each */
  let costs = [];
  let rightBefore = "";
  let stepsLeft = 0;
  let frame = 0;

  for (const [label, name] of names.entries()) {
    const button = element("button", { type: "button", textContent: name }, { "aria-label": `Keep it as ${name}` });
    button.addEventListener("click", () => {
      const input = take();
      if (input) add({ input, label, wanted: names.map((_, j) => (j === label ? 1 : 0)) });
      else tell(DRAW_FIRST);
    });
    document.getElementById("labels").append(button);
  }

  function add(example) {
    examples.push(example);
    const canvas = element("canvas", { width: 28, height: 28, className: "pixels" });
    paintPixels(canvas, example.input);
    const name = names[example.label];
    const remove = element(
      "button",
      { type: "button", textContent: "Remove" },
      { "aria-label": `Remove this ${name}` },
    );
    const item = element("li");
    remove.addEventListener("click", () => {
      examples = examples.filter((one) => one !== example);
      item.remove();
      forgetCosts();
      learn.focus();
    });
    item.append(canvas, element("b", { textContent: name }), remove);
    list.append(item);
    forgetCosts();
    say(`Kept as ${name}. Your drawings: ${examples.length}.`);
  }

  /** Other examples have another cost. */
  function forgetCosts() {
    costs = [];
    stop();
  }

  function tell(text) {
    words.textContent = text;
    say(text);
  }

  function start() {
    if (examples.length === 0) return tell(DRAW_FIRST);
    if (costs.length === 0) {
      costs = [meanCost(network, examples)];
      rightBefore = rightWords();
    }
    stepsLeft = Number(count.value);
    frame = requestAnimationFrame(go);
    show();
  }

  function go() {
    for (let i = 0; i < STEPS_A_FRAME && stepsLeft > 0; i++) {
      descend(network, examples, Number(rate.value));
      costs.push(meanCost(network, examples));
      stepsLeft--;
    }
    if (!Number.isFinite(costs[costs.length - 1])) {
      startAgain();
      return tell(TOO_LARGE);
    }
    changed();
    show();
    if (stepsLeft > 0) frame = requestAnimationFrame(go);
    else say(words.textContent);
  }

  function stop() {
    cancelAnimationFrame(frame);
    stepsLeft = 0;
    show();
  }

  function startAgain() {
    network.layers = original();
    forgetCosts();
    changed();
  }

  /** How many of the examples the network gets right now. */
  function rightWords() {
    const right = examples.filter(({ input, label }) => {
      const outputs = feedforward(network, input)[network.layers.length];
      return outputs.indexOf(Math.max(...outputs)) === label;
    });
    return `${right.length} of ${examples.length}`;
  }

  function show() {
    const [first, last, steps] = [costs[0], costs[costs.length - 1], costs.length - 1];
    learn.textContent = stepsLeft > 0 ? "Stop" : "Learn";
    words.textContent = `Your drawings: ${examples.length}.`;
    if (examples.length > 0 && steps < 1) words.textContent += ` It gets ${rightWords()} right.`;
    if (steps > 0) {
      words.textContent =
        `After ${steps} step${steps === 1 ? "" : "s"}: cost ${short(first)} → ${short(last)}, ` +
        `right ${rightBefore} → ${rightWords()}.`;
    }
    chart.hidden = steps < 1;
    const largest = costs.reduce((most, cost) => Math.max(most, cost), 0) || 1;
    const points = costs.map((cost, i) => `${(i / Math.max(1, steps)) * WIDTH},${HEIGHT * (1 - cost / largest)}`);
    chart.querySelector("polyline").setAttribute("points", points.join(" "));
    chart.querySelector("figcaption").textContent = `The cost after each step, from ${short(largest)} at the top to 0`;
  }

  learn.addEventListener("click", () => (stepsLeft > 0 ? stop() : start()));
  reset.addEventListener("click", () => {
    startAgain();
    say("The network is as it was at first.");
  });
  show();
}
