/** The weights into some neurons of the first layer, each as a picture of 28 by 28, four in a row, on one scale. */

import { heatColours } from "../charts/heat-colours.js";
import { paintHeatMap } from "../charts/heat-map.js";
import { contextOf } from "../page/canvas.js";
import { repainting } from "../page/repainting.js";

const SIDE = 28;
const ROW = 4;
const GAP = 6;

/** @param {HTMLCanvasElement} canvas as wide and as high for each of its pictures */
export function mountWeightTiles(canvas) {
  const context = contextOf(canvas);
  let shown = { values: /** @type {number[] | Float32Array} */ ([]), count: ROW * ROW, scale: 0 };

  const repaintSoon = repainting(canvas, repaint);

  function repaint() {
    if (canvas.clientWidth === 0) return;
    const density = devicePixelRatio;
    const rows = Math.ceil(shown.count / ROW);
    canvas.width = Math.round(canvas.clientWidth * density);
    const side = Math.floor((canvas.width - (ROW - 1) * GAP * density) / ROW);
    const pitch = (canvas.width - side) / (ROW - 1);
    canvas.height = Math.round((rows / ROW) * canvas.width);
    const colours = heatColours(canvas);
    for (let neuron = 0; neuron < shown.count; neuron++) {
      const [x, y] = [Math.round((neuron % ROW) * pitch), Math.round(Math.floor(neuron / ROW) * pitch)];
      const values = shown.values.slice(neuron * SIDE * SIDE, (neuron + 1) * SIDE * SIDE);
      const options = { signed: true, scale: shown.scale, colours };
      paintHeatMap(context, values, { columns: SIDE, rows: SIDE }, { x, y, width: side, height: side }, options);
      context.strokeStyle = getComputedStyle(canvas).borderTopColor;
      context.lineWidth = Math.max(1, Math.round(density));
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
  }

  return {
    /**
     * @param {number[] | Float32Array} values 784 for each neuron
     * @param {{count?: number, scale: number}} options how many neurons, and the number that has the full colour
     */
    show(values, { count = ROW * ROW, scale }) {
      shown = { values, count, scale };
      canvas.style.aspectRatio = `${ROW} / ${Math.ceil(count / ROW)}`;
      repaintSoon();
    },
  };
}
