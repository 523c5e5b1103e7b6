/** Three networks that learn from different drawings, in one chart: which reads somebody it has never met? */

import * as lines from "../../charts/compared-lines.js";
import { comparedWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { all, one } from "../../page/elements.js";
import { part } from "../../page/part.js";
import { repainting } from "../../page/repainting.js";
import { setText } from "../../page/text.js";
import { lastWords, learnsFrom, percentOf } from "./projector-words.js";

/** @import {Followed} from "./run-reader.js" */

/** @param {HTMLElement} section */
export function mountThree(section) {
  /** @type {Followed[]} */
  let shown = [];
  const chart = mountLineChart(
    one(section, "figure"),
    { formatY: percentOf, labelX: "epochs", empty: "Shown after the first epoch." },
    { lines, format: percentOf, read: readAt },
  );
  const rows = all(section, "li").map((row, nth) => {
    const sample = part(row, "sample", HTMLCanvasElement);
    repainting(sample, () => lines.paintSample(sample, nth));
    return { row, name: part(row, "name", HTMLAnchorElement), words: part(row, "words") };
  });

  /**
   * @param {number | null} x
   * @param {(number | null)[]} values
   */
  function readAt(x, values) {
    if (x === null) return "";
    const texts = values.map(
      (value, i) => value !== null && `${learnsFrom(shown[i].run.settings)} ${percentOf(value)}`,
    );
    return `Epoch ${x}: ${texts.filter(Boolean).join(", ")}`;
  }

  return {
    /**
     * @param {Followed[]} followed at most as many as there are rows
     * @param {number | null} count of the drawings that all are measured on, null where it isn't known
     */
    show(followed, count) {
      shown = followed.slice(0, rows.length);
      rows.forEach(({ row, name, words }, i) => {
        row.hidden = !shown[i];
        if (!shown[i]) return;
        const { run, points } = shown[i];
        setText(name, learnsFrom(run.settings));
        name.href = `runs/${run.id}`;
        setText(words, lastWords(run, points, count));
      });
      const end = Math.max(1, ...shown.flatMap(({ points }) => points.map(({ x }) => x)));
      const drawn = shown.map(({ run, points }, nth) => {
        return { points, nth, kind: /** @type {const} */ ("compared"), name: learnsFrom(run.settings) };
      });
      const summary = shown.map(({ run, points }) => `${learnsFrom(run.settings)}: ${lastWords(run, points, count)}`);
      const words = [`${summary.join("; ")}.`, comparedWords(drawn, percentOf)].filter(Boolean).join(" ");
      chart.show({ lines: drawn, xRange: [0, end], yRange: [0, 1], isLog: false }, words);
    },
  };
}
