/** The charts of a run: the cost at each step, and what each epoch came to. A place that is looked at is marked in all. */

import { mountLineChart } from "../../charts/line-chart.js";
import { runningMean } from "../../charts/running-mean.js";
import { accuracy, percent, short, whole } from "../../page/format.js";

const EPOCHS = "epochs";

/**
 * @param {Record<"cost" | "accuracy" | "gradient", HTMLElement>} figures
 * @param {import("../../page/address-state.js").AddressState} state with `log`
 */
export function mountRunCharts(figures, state) {
  const costChart = mountLineChart(figures.cost, {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
    labelX: "steps",
  });
  const accuracyChart = mountLineChart(figures.accuracy, {
    formatY: percent,
    read: ({ x, y }) => `After epoch ${x}: ${accuracy(y)} right`,
    labelX: EPOCHS,
  });
  const gradientChart = mountLineChart(figures.gradient, {
    formatY: short,
    read: ({ x, y }) => `After epoch ${x}: ${short(y)}`,
    labelX: EPOCHS,
  });
  /** @type {import("../run-story.js").RunStory | null} */
  let story = null;
  /** @type {number | null} the step that is looked back at */
  let place = null;

  function show() {
    if (!story) return;
    showCost(story);
    const { accuracies, gradientNorms } = story;
    showEpochs(accuracyChart, accuracies, accuracyRange(accuracies), accuracySummary(accuracies));
    showEpochs(gradientChart, gradientNorms, null, gradientSummary(gradientNorms));
  }

  function showCost({ costs, heldOutCosts, changes, step }) {
    const means = runningMean(costs);
    const here = place === null ? null : (means.findLast(({ x }) => x <= place) ?? means[0]);
    costChart.show(
      {
        lines: [
          { points: costs, kind: "faint" },
          { points: means, kind: "plain" },
          { points: heldOutCosts, kind: "marked" },
        ],
        marks: here ? [{ x: place, y: here.y, kind: "ball" }] : [],
        verticals: verticals(changes, place),
        xRange: [0, Math.max(1, step)],
        yRange: null,
        isLog: state.get().log,
      },
      costSummary(costs, heldOutCosts, changes, place),
    );
  }

  function showEpochs(chart, points, yRange, summary) {
    const at = place === null ? null : story.epochsAt(place);
    const xRange = /** @type {[number, number]} */ ([0, Math.max(1, points.length)]);
    const here = at === null || points.length === 0 ? [] : [{ x: at, kind: "here" }];
    chart.show({ lines: [{ points, kind: "marked" }], verticals: here, xRange, yRange, isLog: false }, summary);
  }

  return {
    /**
     * @param {import("../run-story.js").RunStory} next
     * @param {number | null} step that is looked back at
     */
    show(next, step) {
      [story, place] = [next, step];
      show();
    },
  };
}

function verticals(changes, place) {
  const told = changes.filter(({ type }) => type === "rate" || type === "pause");
  const events = told.map(({ type, step, rate }) => ({
    x: step,
    kind: "event",
    label: type === "rate" ? short(rate) : type,
  }));
  const here = place === null ? [] : [{ x: place, kind: "here" }];
  return [...events, ...here].sort((a, b) => a.x - b.x);
}

/** From the ten percent that guessing gets, or closer to what there is: the last percents are the hard ones. */
function accuracyRange(accuracies) {
  const lowest = Math.min(1, ...accuracies.map(({ y }) => y));
  return [lowest > 0.9 ? 0.9 : lowest > 0.5 ? 0.5 : 0, 1];
}

function costSummary(costs, heldOutCosts, changes, place) {
  if (costs.length === 0) return "Cost at each step: none yet";
  const ends = `from ${short(costs[0].y)} to ${short(costs.at(-1).y)} at step ${whole(costs.at(-1).x)}`;
  const heldOut = heldOutCosts.length > 0 ? `; on images held out now ${short(heldOutCosts.at(-1).y)}` : "";
  const rates = changes.filter(({ type }) => type === "rate");
  const changed = rates
    .map(({ step, rate }) => `; from step ${whole(step)} the learning rate is ${short(rate)}`)
    .join("");
  const marked = place === null ? "" : `; marked: step ${whole(place)}`;
  return `Cost at each step: ${ends}${heldOut}${changed}${marked}. The table of epochs has the numbers.`;
}

function accuracySummary(accuracies) {
  if (accuracies.length === 0) return "Accuracy after each epoch: none yet";
  return (
    `Accuracy after each epoch: from ${accuracy(accuracies[0].y)} to ${accuracy(accuracies.at(-1).y)} ` +
    `after epoch ${accuracies.at(-1).x}. The table of epochs has the numbers.`
  );
}

function gradientSummary(norms) {
  if (norms.length === 0) return "Norm of the gradient after each epoch: none yet";
  return (
    `Norm of the gradient after each epoch: from ${short(norms[0].y)} to ${short(norms.at(-1).y)} ` +
    `after epoch ${norms.at(-1).x}. The table of epochs has the numbers.`
  );
}
