/** Both costs of one digit, as its output for the right digit goes from 0 to 1. */

import { mountLineChart } from "../../charts/line-chart.js";
import { short } from "../../page/format.js";
import { numeral } from "./cost-numbers.js";

// The curves start here, since the cross-entropy has no limit near 0.
const FIRST = 0.002;
const POINTS = 80;
const MIN_TOP = 5;

/**
 * The quadratic cost of ten outputs when the one for the right digit is `a`. Softmax outputs add up to 1, so the other
 * nine share the rest in their present proportions. Other outputs stay as they are.
 *
 * @param {number[]} outputs now
 * @param {number} meant the right digit
 * @param {boolean} areShares whether the outputs add up to 1
 * @returns {(a: number) => number}
 */
export function quadraticAlong(outputs, meant, areShares) {
  const others = outputs.filter((_, digit) => digit !== meant);
  const sum = others.reduce((total, a) => total + a, 0);
  const squares = others.reduce((total, a) => total + a * a, 0);
  if (!areShares) return (a) => ((1 - a) ** 2 + squares) / 2;
  // If all nine are 0, they share the rest evenly.
  const concentration = sum > 0 ? squares / sum ** 2 : 1 / others.length;
  return (a) => ((1 - a) ** 2 * (1 + concentration)) / 2;
}

/** @param {HTMLElement} figure */
export function mountCurve(figure) {
  /** @type {(a: number) => number} */
  let quadratic = () => 0;
  const chart = mountLineChart(figure, {
    formatY: short,
    formatX: short,
    labelX: "output a for the right digit",
    labelY: "cost",
    read: ({ x, y }) => `a ${short(x)}: cross-entropy ${short(y)}, quadratic ${short(quadratic(x))}`,
  });

  return {
    /**
     * @param {import("./cost-outputs.js").Costs} costs
     * @param {boolean} areShares
     */
    show({ outputs, wanted, quadratic: now, cross_entropy: crossEntropy }, areShares) {
      const meant = wanted.indexOf(1);
      const a = outputs[meant];
      quadratic = quadraticAlong(outputs, meant, areShares);
      const first = Math.min(FIRST, Math.max(a, Number.MIN_VALUE));
      // Even spacing, and more points where the curve is steep.
      const even = Array.from({ length: POINTS }, (_, i) => FIRST + ((1 - FIRST) * i) / (POINTS - 1));
      const steep = Array.from({ length: 20 }, (_, i) => first * (0.05 / first) ** (i / 19));
      const xs = [...new Set([...even, ...steep])].sort((one, other) => one - other);
      /** @param {(x: number) => number} cost */
      const pointsOf = (cost) => xs.map((x) => ({ x, y: cost(x) }));
      chart.show(
        {
          lines: [
            { name: "cross-entropy", kind: "plain", points: pointsOf((x) => -Math.log(x)) },
            { name: "quadratic", kind: "second", points: pointsOf(quadratic) },
          ],
          marks: [
            { x: a, y: crossEntropy, kind: "ball" },
            { x: a, y: now, kind: "ball" },
          ],
          xRange: [0, 1],
          yRange: [0, Math.max(MIN_TOP, crossEntropy * 1.1)],
          isLog: false,
        },
        `Cost against the output for the right digit, now ${numeral(a)}: cross-entropy ${numeral(crossEntropy)}, ` +
          `quadratic ${numeral(now)}. Towards 0 the cross-entropy grows without limit, the quadratic cost hardly.`,
      );
    },
  };
}
