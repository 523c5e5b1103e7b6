/** The chart of a comparison, and its legend, which hides lines and shows their values. */

import * as lines from "../../charts/compared-lines.js";
import { comparedWords } from "../../charts/course-words.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { percent, short, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { repainting } from "../../page/repainting.js";
import { setText } from "../../page/text.js";
import { figureText } from "../figures.js";
import { keyOf, pointsOf } from "./compare-lines.js";
import { runName } from "./compare-words.js";

/**
 * @import {Kind} from "../../charts/line-chart.js"
 * @import {AddressState} from "../../page/address-state.js"
 * @import {Figure} from "../figures.js"
 * @import {Point} from "../run-story.js"
 * @import {Axis} from "./compare-lines.js"
 * @import {ComparedRun} from "./compare-run.js"
 * @typedef {{id: number, nth: number, name: string, kind: Kind, points: Point[]}} Line
 */

/** @type {Pick<Figure, "format" | "compared">} */
const BATCHES = { format: "short", compared: "Cost of the batches, smoothed" };

/**
 * @param {{figure: HTMLElement, legend: HTMLElement, ends: HTMLElement}} parts the legend has an item for each run; `ends`
 *   gets the sentence that compares them
 * @param {ComparedRun[]} compared
 * @param {AddressState} state with `show`, `x`, `log` and `without`
 * @param {Figure[]} figures
 */
export function mountCompareChart({ figure, legend, ends }, compared, state, figures) {
  const shownFigure = () => {
    const { show } = state.get();
    return (show !== "cost" && figures.find(({ key }) => key === keyOf(show))) || BATCHES;
  };
  const isAccuracy = () => shownFigure().format === "accuracy";
  const read = (/** @type {number} */ value) => figureText(shownFigure(), value);
  const chart = mountLineChart(
    figure,
    { formatY: (value) => (isAccuracy() ? percentOf(value) : read(value)), formatX: placeText },
    { lines, format: read, read: readAt },
  );
  const rows = compared.map(mountRow);
  /** @type {Line[]} the lines that are not hidden */
  let drawn = [];

  /**
   * @param {ComparedRun} compared
   * @param {number} nth
   */
  function mountRow({ run }, nth) {
    const row = legend.children[nth];
    const box = part(row, "shown", HTMLInputElement);
    const sample = part(row, "sample", HTMLCanvasElement);
    box.addEventListener("change", () => {
      const hidden = hiddenRuns().filter((id) => id !== run.id);
      state.set({ without: [...hidden, ...(box.checked ? [] : [run.id])].join() });
    });
    repainting(sample, () => lines.paintSample(sample, nth));
    return { box, name: part(row, "name"), value: part(row, "value") };
  }

  /** @returns {number[]} */
  function hiddenRuns() {
    return state.get().without.split(",").filter(Boolean).map(Number);
  }

  /** @param {number} value */
  function placeText(value) {
    return state.get().x === "seconds" ? short(value) : Number.isInteger(value) ? whole(value) : "";
  }

  /**
   * Shows in the legend the values at x, or the last ones, and returns those at x as a sentence.
   *
   * @param {number | null} x
   * @param {(number | null)[]} values of the lines that are drawn
   */
  function readAt(x, values) {
    const shown = x === null ? drawn.map(({ points }) => points.at(-1)?.y ?? null) : values;
    const texts = shown.map((value) => (value === null ? "–" : read(value)));
    const byId = new Map(drawn.map(({ id }, i) => [id, texts[i]]));
    rows.forEach(({ value }, i) => {
      setText(value, byId.get(compared[i].run.id) ?? "–");
    });
    if (x === null) return "";
    const words = drawn.map(({ id }, i) => `run ${id} ${texts[i]}`).filter((_, i) => values[i] !== null);
    return `${placeWords(x, state.get().x)}: ${words.join(", ")}`;
  }

  return {
    /** Shows the events so far. */
    show() {
      const { show, x, log } = state.get();
      const hidden = hiddenRuns();
      compared.forEach(({ run }, i) => {
        rows[i].box.checked = !hidden.includes(run.id);
        setText(rows[i].name, runName(run));
      });
      drawn = compared.flatMap((one, nth) => {
        const { id } = one.run;
        /** @type {Line} */
        const line = { id, nth, name: `Run ${id}`, kind: "compared", points: pointsOf(one, show, x) };
        return hidden.includes(id) ? [] : [line];
      });
      const end = Math.max(0, ...drawn.map(({ points }) => points.at(-1)?.x ?? 0));
      chart.show(
        {
          lines: drawn,
          xRange: [0, end || 1],
          yRange: isAccuracy() ? rangeOf(drawn) : null,
          isLog: log && !isAccuracy(),
          labelX: x,
        },
        summaryOf(),
      );
      setText(ends, comparedWords(drawn, read));
    },
  };

  function summaryOf() {
    const { x } = state.get();
    const courses = drawn.map(({ id, points }) => {
      const last = points.at(-1);
      if (!last) return `run ${id} has none yet`;
      const end = placeWords(last.x, x).toLowerCase();
      return `run ${id} from ${read(points[0].y)} to ${read(last.y)} ${x === "seconds" ? end : `at ${end}`}`;
    });
    const name = shownFigure().compared;
    const compared = comparedWords(drawn, read);
    return [
      `${name}: ${courses.join("; ") || "every line is hidden"}.`,
      ...(compared ? [compared] : []),
      "The table below has the numbers.",
    ].join(" ");
  }
}

/**
 * From a round share below all accuracies: the last percents are the hard ones.
 *
 * @param {Line[]} drawn
 * @returns {[number, number]}
 */
function rangeOf(drawn) {
  const lowest = Math.min(1, ...drawn.flatMap(({ points }) => points.map(({ y }) => y)));
  return [lowest >= 0.95 ? 0.95 : Math.min(0.9, Math.floor(lowest * 10) / 10), 1];
}

/** @param {number} share */
function percentOf(share) {
  return share === 1 ? "100%" : percent(share);
}

/**
 * @param {number} value
 * @param {Axis} axis
 */
function placeWords(value, axis) {
  if (axis === "seconds") return `After ${short(value)} s`;
  return axis === "epochs" ? `Epoch ${short(value)}` : `Step ${whole(value)}`;
}
