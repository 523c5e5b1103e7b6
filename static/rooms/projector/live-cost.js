/** The cost of the run that the room watches, large and live. */

import { counted, courseWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { runningMean } from "../../charts/running-mean.js";
import { one } from "../../page/elements.js";
import { accuracy, short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { setText } from "../../page/text.js";

/**
 * @import {Point} from "../../charts/line-chart.js"
 * @import {RunEvent} from "../../page/room-stream.js"
 */

/** @param {HTMLElement} section */
export function mountLiveCost(section) {
  const chart = mountLineChart(one(section, "figure"), {
    formatY: short,
    read: ({ x, y }) => `Step ${whole(x)}: cost ${short(y)}`,
    labelX: "steps",
    empty: "The cost is shown after the first steps.",
  });
  const starting = part(section, "starting");
  const [step, cost, right] = ["step", "cost", "accuracy"].map((name) => part(section, name));
  /** @type {(Point & {y: number})[]} */
  let costs = [];
  let run = 0;
  /** @type {number | null} */
  let share = null;

  function restart() {
    costs = [];
    share = null;
  }

  return {
    restart,
    /** @param {RunEvent} event */
    add({ run: of, event, data }) {
      if (of !== run) restart();
      run = of;
      if (event === "cost") costs.push({ x: data.step, y: data.cost });
      else if (event === "epoch") share = data.accuracy;
      else if (event === "resume") costs = costs.filter(({ x }) => x <= data.step);
    },
    /**
     * @param {number} wanted the run to show, 0 for none: what is known of another one is not shown
     * @param {boolean} isStarting whether its first cost is still to come
     */
    show(wanted, isStarting) {
      const known = wanted === run ? costs : [];
      const last = known.at(-1);
      const means = runningMean(known);
      const now = means.at(-1)?.y ?? null;
      setText(step, last ? whole(last.x) : "–");
      setText(cost, short(now));
      setText(right, accuracy(wanted === run ? share : null));
      starting.hidden = !isStarting || last !== undefined;
      chart.show(
        {
          lines: [
            { points: known, kind: "faint" },
            { points: means, kind: "first", name: "cost" },
          ],
          xRange: [0, Math.max(1, last?.x ?? 1)],
          yRange: null,
          isLog: false,
        },
        last
          ? `The cost from ${short(known[0].y)} to ${short(now)} at step ${whole(last.x)}. ${courseWords(means, counted("step"))}`
          : "The cost: none yet.",
      );
    },
  };
}
