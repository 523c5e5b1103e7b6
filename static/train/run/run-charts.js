/** The charts of a run: the cost at each step, and the figures of each epoch. The chosen step is marked in all. */

import { counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { runningMean } from "../../charts/running-mean.js";
import { one } from "../../page/elements.js";
import { accuracy, short, whole } from "../../page/format.js";
import { figureText } from "../figures.js";

/**
 * @import {Vertical} from "../../charts/line-chart.js"
 * @import {AddressState} from "../../page/address-state.js"
 * @import {Figure} from "../figures.js"
 * @import {Change, Point, RunStory} from "../run-story.js"
 */

const STEPS = counted("step");
const EPOCHS = counted("epoch");

/**
 * @param {HTMLElement} main
 * @param {Figure[]} figures
 * @param {AddressState} state with `log`
 */
export function mountRunCharts(main, figures, state) {
  const costChart = mountLineChart(one(main, "#cost-chart"), {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
    labelX: "steps",
    empty: "Shown after the first steps.",
  });
  const epochCharts = figures
    .filter(({ chart }) => chart)
    .map((figure) => {
      const element = one(main, `#${figure.key}-chart`);
      const read = (/** @type {Point} */ { x, y }) => `After epoch ${x}: ${figureText(figure, y)}`;
      const formatY = figure.format === "accuracy" ? wholePercent : (/** @type {number} */ y) => figureText(figure, y);
      return {
        figure,
        chart: mountLineChart(element, { formatY, read, labelX: "epochs", empty: "Shown after the first epoch." }),
      };
    });

  /**
   * @param {RunStory} story
   * @param {number | null} place
   * @returns {number | null} the running mean there
   */
  function showCost({ costs, heldOutCosts, changes, step }, place) {
    const means = runningMean(costs);
    const isLog = state.get().log;
    const here = place === null ? null : (means.filter(({ x }) => x <= place).at(-1) ?? means[0]);
    costChart.show(
      {
        lines: [
          { points: costs, kind: "faint" },
          { points: means, kind: "plain" },
          { points: heldOutCosts, kind: "marked" },
        ],
        marks: here && place !== null ? [{ x: place, y: here.y, kind: "ball" }] : [],
        verticals: verticals(changes, place),
        xRange: [0, Math.max(1, step)],
        yRange: null,
        isLog,
      },
      costSummary(costs, heldOutCosts, changes, place, courseWords(means, { ...STEPS, isLog })),
    );
    return (here ?? means.at(-1))?.y ?? null;
  }

  /**
   * @param {ReturnType<typeof mountLineChart>} chart
   * @param {Point[]} points
   * @param {number | null} at in epochs
   * @param {[number, number] | null} yRange
   * @param {string} summary
   */
  function showEpochs(chart, points, at, yRange, summary) {
    const xRange = /** @type {[number, number]} */ ([0, Math.max(1, points.length)]);
    /** @type {Vertical[]} */
    const here = at === null || points.length === 0 ? [] : [{ x: at, kind: "here" }];
    chart.show({ lines: [{ points, kind: "marked" }], verticals: here, xRange, yRange, isLog: false }, summary);
  }

  return {
    /**
     * @param {RunStory} story
     * @param {number | null} place the chosen step, null for now
     * @returns {number | null} the mean cost there
     */
    show(story, place) {
      const at = place === null ? null : story.epochsAt(place);
      const cost = showCost(story, place);
      for (const { figure, chart } of epochCharts) {
        const points = story.figures(figure.key);
        const yRange = figure.format === "accuracy" ? accuracyRange(points) : null;
        showEpochs(chart, points, at, yRange, epochSummary(figure, points, yRange));
      }
      return cost;
    },
  };
}

/** Ticks are exact, so 1 is 100%. @param {number} share */
function wholePercent(share) {
  return `${Math.round(share * 100)}%`;
}

/**
 * @param {Change[]} changes
 * @param {number | null} place
 * @returns {Vertical[]}
 */
function verticals(changes, place) {
  /** @type {Vertical[]} */
  const events = changes
    .filter(({ type }) => type === "rate" || type === "pause")
    .map(({ type, step, rate }) => ({ x: step, kind: "event", label: rate === undefined ? type : short(rate) }));
  if (place !== null) events.push({ x: place, kind: "here" });
  return events.sort((a, b) => a.x - b.x);
}

/**
 * Zooms in on the accuracies there are: the last percents are the hard ones.
 *
 * @param {Point[]} accuracies
 * @returns {[number, number]}
 */
function accuracyRange(accuracies) {
  const lowest = Math.min(1, ...accuracies.map(({ y }) => y));
  return [lowest > 0.9 ? 0.9 : lowest > 0.5 ? 0.5 : 0, 1];
}

/**
 * @param {Point[]} costs
 * @param {Point[]} heldOutCosts
 * @param {Change[]} changes
 * @param {number | null} place
 * @param {string} course
 */
function costSummary(costs, heldOutCosts, changes, place, course) {
  const last = costs.at(-1);
  if (!last) return "Cost at each step: none yet";
  const ends = `from ${short(costs[0].y)} to ${short(last.y)} at step ${whole(last.x)}`;
  const heldOut =
    heldOutCosts.length > 0 ? `; on images held out now ${short(heldOutCosts[heldOutCosts.length - 1].y)}` : "";
  const changed = changes
    .map(({ step, rate }) => (rate ? `; from step ${whole(step)} the learning rate is ${short(rate)}` : ""))
    .join("");
  const marked = place === null ? "" : `; marked: step ${whole(place)}`;
  return `Cost at each step: ${ends}${heldOut}${changed}${marked}. ${course} The table of epochs has the numbers.`;
}

/**
 * @param {Figure} figure
 * @param {Point[]} points
 * @param {[number, number] | null} yRange
 */
function epochSummary(figure, points, yRange) {
  const last = points.at(-1);
  if (!last) return `${figure.name} after each epoch: none yet`;
  const ends = `from ${figureText(figure, points[0].y)} to ${figureText(figure, last.y)}`;
  const value = figure.format === "accuracy" ? accuracy : undefined;
  const course = courseWords(points, { ...EPOCHS, value, height: yRange ? yRange[1] - yRange[0] : undefined });
  return `${figure.name} after each epoch: ${ends} after epoch ${last.x}. ${course} The table of epochs has the numbers.`;
}
