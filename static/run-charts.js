/** The two charts of a run: the cost at each step, and the accuracy after each epoch. */

import { accuracy, percent, short, whole } from "./format.js";
import { mountLineChart } from "./line-chart.js";
import { runningMean } from "./running-mean.js";

/**
 * @param {{cost: HTMLElement, accuracy: HTMLElement, logarithmic: HTMLInputElement}} parts
 */
export function mountRunCharts(parts) {
  const costChart = mountLineChart(parts.cost, {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
  });
  const accuracyChart = mountLineChart(parts.accuracy, {
    formatY: percent,
    read: ({ x, y }) => `After epoch ${x}: ${accuracy(y)} right`,
  });
  /** @type {import("./run-story.js").RunStory | null} */
  let story = null;

  function show() {
    if (!story) return;
    const { costs, heldOutCosts, accuracies } = story;
    costChart.show(
      {
        lines: [
          { points: costs, kind: "faint" },
          { points: runningMean(costs), kind: "plain" },
          { points: heldOutCosts, kind: "marked" },
        ],
        xRange: [0, Math.max(1, story.step)],
        yRange: null,
        isLog: parts.logarithmic.checked,
      },
      costSummary(costs, heldOutCosts),
    );
    accuracyChart.show(
      {
        lines: [{ points: accuracies, kind: "marked" }],
        xRange: [0, Math.max(1, accuracies.length)],
        yRange: accuracyRange(accuracies),
        isLog: false,
      },
      accuracySummary(accuracies),
    );
  }

  parts.logarithmic.addEventListener("change", show);
  return {
    /** @param {import("./run-story.js").RunStory} next */
    show(next) {
      story = next;
      show();
    },
  };
}

/** From the ten percent that guessing gets, or closer to what there is: the last percents are the hard ones. */
function accuracyRange(accuracies) {
  const lowest = Math.min(1, ...accuracies.map(({ y }) => y));
  return [lowest > 0.9 ? 0.9 : lowest > 0.5 ? 0.5 : 0, 1];
}

function costSummary(costs, heldOutCosts) {
  if (costs.length === 0) return "Cost at each step: none yet";
  const ends = `from ${short(costs[0].y)} to ${short(costs.at(-1).y)} at step ${whole(costs.at(-1).x)}`;
  const heldOut = heldOutCosts.length > 0 ? `; on images held out now ${short(heldOutCosts.at(-1).y)}` : "";
  return `Cost at each step: ${ends}${heldOut}. The table of epochs has the numbers.`;
}

function accuracySummary(accuracies) {
  if (accuracies.length === 0) return "Accuracy after each epoch: none yet";
  return (
    `Accuracy after each epoch: from ${accuracy(accuracies[0].y)} to ${accuracy(accuracies.at(-1).y)} ` +
    `after epoch ${accuracies.at(-1).x}. The table of epochs has the numbers.`
  );
}
