/** The chart of a curve with a ball on it. A pointer, a slider and a field move the ball. */

import { mountChartTable } from "../../charts/chart-table.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { short, whole } from "../../page/format.js";
import { followOnePointer } from "../../page/one-pointer.js";
import { part } from "../../page/part.js";
import { numberIn } from "../../page/typed-number.js";
import { curveThrough, heightsOf, tangentAt } from "./slope-path.js";
import { curveWords, signed } from "./slope-words.js";

// Of the slider, from one end to the other.
const STEPS = 200;

/**
 * @param {HTMLElement} figure with the canvas, the caption, the slider and the field
 * @param {object} does
 * @param {(value: number, isHeld: boolean) => void} does.onMove `isHeld` while the ball is dragged
 * @param {() => void} does.onCancel puts the ball back to where it was before it was dragged
 */
export function mountSlopeChart(figure, { onMove, onCancel }) {
  const canvas = figure.querySelector("canvas");
  const caption = figure.querySelector("figcaption");
  const [slider, field] = ["slider", "field"].map((name) => part(figure, name, HTMLInputElement));
  const chart = mountLineChart(figure, {
    formatX: signed,
    formatY: signed,
    labelX: caption.dataset.across,
    labelY: caption.dataset.up,
    read: ({ x, y }) => `At ${signed(x)} the cost is ${short(y)}`,
  });
  const steps = mountChartTable(part(figure, "steps-table", HTMLDetailsElement), () => ({
    head: ["step", caption.dataset.across, caption.dataset.up, "slope"],
    rows: points.map(({ value, cost, slope }, step) => [whole(step), ...[value, cost, slope].map(signed)]),
  }));
  /** @type {import("./slope-curve.js").CostAt[]} */
  let points = [];
  /** @type {[number, number]} */
  let range = [-1, 1];
  let isTyped = false;

  /**
   * @param {number} value
   * @param {boolean} isHeld
   */
  function moveTo(value, isHeld) {
    const [low, high] = range;
    onMove(rounded(Math.min(high, Math.max(low, value))), isHeld);
  }

  /**
   * Rounds to less than a thousandth of the chart, to keep the address short.
   *
   * @param {number} value
   */
  function rounded(value) {
    const digits = Math.ceil(3.5 - Math.log10(range[1] - range[0]));
    return Number(value.toFixed(Math.max(0, digits)));
  }

  /** @param {PointerEvent} event */
  function follow({ offsetX }) {
    const value = chart.valueAt(offsetX);
    if (value !== null) moveTo(value, true);
  }

  followOnePointer(canvas, {
    begin: follow,
    move: follow,
    end: () => points.length > 0 && onMove(points.at(-1).value, false),
    cancel: onCancel, // the finger scrolls the page, for one
  });
  slider.addEventListener("input", () => moveTo(Number(slider.value), true));
  slider.addEventListener("change", () => moveTo(Number(slider.value), false));
  field.addEventListener("input", () => {
    isTyped = true;
  });
  field.addEventListener("change", () => {
    isTyped = false;
    const value = numberIn(field);
    if (Number.isFinite(value)) onMove(value, false);
    else if (points.length > 0) field.value = String(rounded(points.at(-1).value));
  });

  return {
    /**
     * @param {import("./slope-path.js").Slice} slice
     * @param {import("./slope-curve.js").CostAt[]} walked where the ball was, and last where it is
     * @param {[number, number]} xRange
     * @param {number | null} own the network's own value; null on the made-up curve
     * @param {string} summary
     */
    show(slice, walked, xRange, own, summary) {
      [points, range] = [walked, xRange];
      const here = points.at(-1);
      const curve = curveThrough(slice, points).filter(({ x }) => x >= xRange[0] && x <= xRange[1]);
      const yRange = heightsOf(curve);
      const places = points.map(({ value, cost }) => ({ x: value, y: cost }));
      chart.show(
        {
          lines: [
            { points: curve, kind: "plain", name: "cost" },
            ...places.slice(1).map((to, i) => ({ points: [places[i], to], kind: /** @type {const} */ ("faint") })),
            { points: tangentAt(here, xRange, yRange), kind: "tangent" },
          ],
          marks: places.map(({ x, y }, i) => ({ x, y, kind: i === places.length - 1 ? "ball" : "dot" })),
          verticals: own === null ? [] : [{ x: own, kind: "event", label: "as trained" }],
          xRange,
          yRange,
          isLog: false,
        },
        `${summary} ${curveWords(curve)}`,
      );
      steps.refresh();
      [slider.min, slider.max] = xRange.map(String);
      slider.step = String((xRange[1] - xRange[0]) / STEPS);
      slider.value = String(here.value);
      slider.setAttribute("aria-valuetext", `${signed(here.value)}, the cost is ${short(here.cost)}`);
      // Don't replace a number while it is typed, nor "0.50" by 0.5.
      if (!isTyped && numberIn(field) !== here.value) field.value = String(rounded(here.value));
    },
    /**
     * Shows an empty chart.
     *
     * @param {string} summary
     */
    clear(summary) {
      points = [];
      chart.show({ lines: [], marks: [], xRange: range, yRange: [0, 1], isLog: false }, summary);
      steps.refresh();
    },
  };
}
