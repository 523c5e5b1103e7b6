/** The axes of a chart: grid lines with numbers at the left, numbers below, and both labels. */

export const FONT_SIZE = 12;
const MARGIN = { top: 12, right: 12, bottom: 26 };
const TITLE = 18;

/**
 * The layout, in CSS pixels. `x` and `y` place a value.
 *
 * @param {CanvasRenderingContext2D} context with its font set
 * @param {{width: number, height: number}} size
 * @param {{scaleX: import("./scale.js").Scale, scaleY: import("./scale.js").Scale}} scales
 * @param {{formatY: (value: number) => string, labelX?: string, labelY?: string}} words
 */
export function layOut(context, { width, height }, { scaleX, scaleY }, { formatY, labelX, labelY }) {
  const labels = tickLabels(scaleY.ticks, formatY);
  const left = Math.ceil(Math.max(0, ...labels.map((label) => context.measureText(label).width))) + 8;
  const top = MARGIN.top + (labelY ? TITLE : 0);
  const bottom = height - MARGIN.bottom - (labelX ? TITLE : 0);
  const right = width - MARGIN.right;
  return {
    ...{ left, right, top, bottom, width, height, labels },
    x: (value) => left + scaleX.at(value) * (right - left),
    y: (value) => top + (1 - scaleY.at(value)) * (bottom - top),
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style whose border is the hairlines' colour, and whose text decoration the words'
 * @param {ReturnType<typeof layOut>} layout
 * @param {{scaleX: import("./scale.js").Scale, scaleY: import("./scale.js").Scale}} scales
 * @param {{formatX: (value: number) => string, labelX?: string, labelY?: string}} words
 */
export function paintAxes(context, style, layout, { scaleX, scaleY }, { formatX, labelX, labelY }) {
  const { left, right, bottom, labels, x, y } = layout;
  context.lineWidth = 1;
  context.strokeStyle = style.borderTopColor;
  context.fillStyle = style.textDecorationColor;
  context.textAlign = "right";
  context.textBaseline = "middle";
  scaleY.ticks.forEach((tick, i) => {
    const at = Math.round(y(tick)) + 0.5; // on the pixel grid, so that a hairline is one pixel wide
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(right, at);
    context.stroke();
    context.fillText(labels[i], left - 8, at);
  });
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const labelsX = tickLabels(scaleX.ticks, formatX);
  for (const [i, tick] of scaleX.ticks.entries()) {
    const label = labelsX[i];
    if (label === "") continue;
    const half = context.measureText(label).width / 2;
    context.fillText(label, Math.min(x(tick), right + MARGIN.right - half), bottom + 18);
  }
  context.textAlign = "right";
  if (labelX) context.fillText(labelX, right, bottom + 18 + TITLE);
  context.textAlign = "left";
  if (labelY) context.fillText(labelY, 0, FONT_SIZE);
}

/**
 * The numbers of a linear axis with equally many decimals: 2.5, 2.0, 1.5. Those of a logarithmic one
 * stay as they are where there are three or more.
 *
 * @param {number[]} ticks
 * @param {(value: number) => string} format
 */
export function tickLabels(ticks, format) {
  const labels = ticks.map(format);
  const isEven =
    ticks.length < 3 || Math.abs(ticks[2] - 2 * ticks[1] + ticks[0]) < 1e-9 * Math.abs(ticks[2] - ticks[0]);
  if (!isEven || !labels.every((label) => /^[−-]?\d+(\.\d+)?$/.test(label))) return labels;
  const decimals = labels.map((label) => label.split(".")[1]?.length ?? 0);
  const most = Math.max(0, ...decimals);
  return labels.map(
    (label, i) => `${label}${decimals[i] === 0 && most > 0 ? "." : ""}${"0".repeat(most - decimals[i])}`,
  );
}

/**
 * Words in place of the axes of an empty chart, where numbers would mean nothing.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style
 * @param {{width: number, height: number}} layout
 * @param {string} words
 */
export function paintEmpty(context, style, { width, height }, words) {
  context.fillStyle = style.textDecorationColor;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(words, Math.round(width / 2), Math.round(height / 2));
}
