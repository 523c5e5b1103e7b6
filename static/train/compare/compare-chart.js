/** The chart of a comparison, and its legend, which hides lines and reads their values. */

import * as lines from "../../charts/compared-lines.js";
import { mountLineChart } from "../../charts/line-chart.js";
import { accuracy, percent, short, whole } from "../../page/format.js";
import { repainting } from "../../page/repainting.js";
import { pointsOf } from "./compare-lines.js";
import { runName } from "./compare-words.js";

/** @typedef {import("./compare-run.js").ComparedRun} ComparedRun */

const NAMES = {
  cost: "Cost of the batches, smoothed",
  "held-out": "Cost on images held out",
  accuracy: "Accuracy on images held out",
};

/**
 * @param {{figure: HTMLElement, legend: HTMLElement}} parts the legend has an item for each run
 * @param {ComparedRun[]} compared
 * @param {import("../../page/address-state.js").AddressState} state with `show`, `x`, `log` and `without`
 */
export function mountCompareChart({ figure, legend }, compared, state) {
  const isAccuracy = () => state.get().show === "accuracy";
  const read = (value) => (isAccuracy() ? accuracy(value) : short(value));
  const chart = mountLineChart(
    figure,
    { formatY: (value) => (isAccuracy() ? percentOf(value) : short(value)), formatX: placeText },
    { lines, format: read, read: readAt },
  );
  const rows = compared.map(mountRow);
  /** @type {{id: number, points: {x: number, y: number}[]}[]} the lines that are not hidden */
  let drawn = [];

  function mountRow({ run }, nth) {
    const part = (name) => legend.children[nth].querySelector(`[data-part=${name}]`);
    const box = part("shown");
    box.addEventListener("change", () => {
      const hidden = hiddenRuns().filter((id) => id !== run.id);
      state.set({ without: [...hidden, ...(box.checked ? [] : [run.id])].join() });
    });
    repainting(part("sample"), () => lines.paintSample(part("sample"), nth));
    return { box, name: part("name"), value: part("value") };
  }

  function hiddenRuns() {
    return state.get().without.split(",").filter(Boolean).map(Number);
  }

  function placeText(value) {
    return state.get().x === "seconds" ? short(value) : Number.isInteger(value) ? whole(value) : "";
  }

  /** In the legend the values at that place, or the last ones; as a sentence the place with all of them. */
  function readAt(x, values) {
    const at = new Map(drawn.map(({ id, points }, i) => [id, x === null ? (points.at(-1)?.y ?? null) : values[i]]));
    const texts = compared.map(({ run }) => {
      const value = at.get(run.id) ?? null;
      return value === null ? "–" : read(value);
    });
    rows.forEach(({ value }, i) => {
      if (value.textContent !== texts[i]) value.textContent = texts[i];
    });
    if (x === null) return "";
    const told = drawn.filter((_, i) => values[i] !== null).map(({ id }) => `run ${id} ${read(at.get(id))}`);
    return `${placeWords(x, state.get().x)}: ${told.join(", ")}`;
  }

  return {
    /** Shows what the runs have told by now. */
    show() {
      const { show, x, log } = state.get();
      const hidden = hiddenRuns();
      compared.forEach(({ run }, i) => {
        rows[i].box.checked = !hidden.includes(run.id);
        const name = runName(run);
        if (rows[i].name.textContent !== name) rows[i].name.textContent = name;
      });
      drawn = compared
        .map((one, nth) => ({
          id: one.run.id,
          nth,
          name: `Run ${one.run.id}`,
          kind: "compared",
          points: pointsOf(one, show, x),
        }))
        .filter(({ id }) => !hidden.includes(id));
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
    },
  };

  function summaryOf() {
    const { show, x } = state.get();
    const courses = drawn.map(({ id, points }) => {
      if (points.length === 0) return `run ${id} has none yet`;
      const end = placeWords(points.at(-1).x, x).toLowerCase();
      return `run ${id} from ${read(points[0].y)} to ${read(points.at(-1).y)} ${x === "seconds" ? end : `at ${end}`}`;
    });
    return `${NAMES[show]}: ${courses.join("; ") || "every line is hidden"}. The table below has the numbers.`;
  }
}

/** From a round share below all: the last percents are the hard ones. */
function rangeOf(drawn) {
  const lowest = Math.min(1, ...drawn.flatMap(({ points }) => points.map(({ y }) => y)));
  return [lowest >= 0.95 ? 0.95 : Math.min(0.9, Math.floor(lowest * 10) / 10), 1];
}

function percentOf(share) {
  return share === 1 ? "100%" : percent(share);
}

/** @param {import("./compare-lines.js").Axis} axis */
function placeWords(value, axis) {
  if (axis === "seconds") return `After ${short(value)} s`;
  return axis === "epochs" ? `Epoch ${short(value)}` : `Step ${whole(value)}`;
}
