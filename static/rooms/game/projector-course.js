/** The course of a game: the cost as a line, and how many drawings of held-out pupils are read right. */

import { counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";
import { accuracyWords, costPoints } from "./projector-steps.js";

/** @import {Course} from "./game-state.js" */

const MIN_STEPS = 10;

/** @param {HTMLElement} section */
export function mountCourse(section) {
  const [step, cost, accuracy] = ["step", "cost", "accuracy"].map((name) => part(section, name));
  const chart = mountLineChart(part(section, "chart"), {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
    labelX: "steps",
    empty: "No cost yet.",
  });

  return {
    /**
     * @param {Course} course
     * @param {string} phase
     */
    show(course, phase) {
      const points = costPoints(course, phase);
      const last = points.at(-1);
      setText(step, whole(course.steps));
      setText(cost, short(last?.y ?? null));
      setText(accuracy, accuracyWords(course.accuracies));
      chart.show(
        {
          lines: [{ points, kind: points.length > 1 ? "first" : "marked", name: "cost" }],
          xRange: [points[0]?.x ?? 1, Math.max(MIN_STEPS, last?.x ?? 1)],
          yRange: null,
          isLog: false,
        },
        last
          ? `The cost from ${short(points[0].y)} to ${short(last.y)} at step ${whole(last.x)}. ${courseWords(points, counted("step"))}`
          : "The cost: none yet.",
      );
    },
  };
}
