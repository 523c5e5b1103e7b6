/** The cost of one descent or of two, step by step and with its running mean. */

import { comparedWords, counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { capitalized, short, whole } from "../../page/format.js";
import { AXES, costPoints, extent, meanPoints, nameOf } from "./descent-race.js";

// A descent that diverges leaves the chart at the top; else it would flatten all the others.
const MIN_TOP = 2.5;
const MAX_TOP = 5;
const TERMS = { steps: counted("step"), images: counted("image"), time: counted("second") };
/** @type {import("../../charts/line-chart.js").Kind[]} */
const KINDS = ["first", "second"];

/** @param {HTMLElement} figure */
export function mountDescentChart(figure) {
  /** @type {import("./descent-run.js").DescentRun[]} */
  let runs = [];
  /** @type {import("./descent-race.js").Axis} */
  let axis = "steps";
  /** @type {{x: number, y: number}[][]} */
  let means = [];
  const chart = mountLineChart(figure, {
    formatX: (x) => (Number.isInteger(x) ? whole(x) : short(x)),
    formatY: short,
    read,
  });

  /** @param {import("../../charts/line-chart.js").Point} point */
  function read({ x }) {
    const [run] = runs;
    const place = AXES[axis].format(x);
    if (runs.length > 1) {
      const values = means.map(
        (points, i) => `${nameOf(i)} ${short(points.filter((point) => point.x <= x).at(-1)?.y ?? null)}`,
      );
      return `${place}: ${values.join(", ")}`;
    }
    const index = means[0].findIndex((point) => point.x === x);
    return `${place}: cost ${short(run.costs[index])}, running mean ${short(means[0][index].y)}`;
  }

  /** @returns {import("../../charts/line-chart.js").Line[]} */
  function linesOf() {
    if (runs.length > 1) {
      const steps = runs.map((run, i) => ({ points: costPoints(run, axis), kind: KINDS[i], isFaint: true }));
      const named = means.map((points, i) => ({
        points,
        kind: KINDS[i],
        name: `${nameOf(i)}, ${settingsWords(runs[i])}`,
      }));
      return [...named, ...steps];
    }
    return [
      { points: means[0], kind: "first", name: "running mean" },
      { points: costPoints(runs[0], axis), kind: "faint", name: "of the step's own images" },
    ];
  }

  /**
   * @param {import("./descent-run.js").Frame[]} frames
   * @returns {import("../../charts/line-chart.js").Mark[]}
   */
  function marksOf(frames) {
    return frames.map((frame, i) => ({
      x: AXES[axis].at(runs[i], frame.step),
      // Before the first step, no step has a cost yet.
      y: (means[i][frame.step - 1] ?? { y: frame.cost }).y,
      kind: "ball",
      ...(i === 1 && { of: "second" }),
    }));
  }

  /** @param {boolean} isLog */
  function summary(isLog) {
    const sentences = runs.map((run, i) => {
      const name = runs.length > 1 ? `${nameOf(i)}, ${settingsWords(run)}: ` : "";
      const points = means[i];
      if (points.length === 0) return capitalized(`${name}no step yet.`);
      const ends = `from ${short(points[0].y)} to ${short(points.at(-1).y)} after step ${whole(points.length)}`;
      return `${capitalized(`${name}${ends}.`)} ${courseWords(points, { ...TERMS[axis], isLog })}`;
    });
    const compared = comparedWords(means.map((points, i) => ({ name: nameOf(i), points })));
    const parts = [`The running mean of the cost, against ${AXES[axis].label}.`, ...sentences, compared];
    return parts.filter(Boolean).join(" ");
  }

  return {
    /**
     * @param {import("./descent-run.js").DescentRun[]} next one, or the two of a race
     * @param {import("./descent-run.js").Frame[]} frames where they are
     * @param {{axis: import("./descent-race.js").Axis, isLog: boolean, length: number}} view
     */
    show(next, frames, view) {
      [runs, axis] = [next, view.axis];
      means = runs.map((run) => meanPoints(run, axis));
      const top = Math.max(...means.flat().map(({ y }) => y), 0) * 1.1;
      chart.show(
        {
          lines: linesOf(),
          marks: marksOf(frames),
          xRange: [0, extent(runs, view.length, axis)],
          yRange: [0, Math.min(MAX_TOP, Math.max(MIN_TOP, top))],
          isLog: view.isLog,
          labelX: AXES[axis].label,
        },
        summary(view.isLog),
      );
    },
  };
}

/** @param {import("./descent-run.js").DescentRun} run */
function settingsWords({ settings: { rate, batch } }) {
  return `learning rate ${rate}, ${batch === 0 ? "full batch" : `batches of ${batch}`}`;
}
