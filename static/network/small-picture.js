/** A small picture of the network beside the bars of an answer: its neurons, lit, and the edges between them. */

import { readied } from "../page/canvas.js";
import { part } from "../page/part.js";
import { repainting } from "../page/repainting.js";
import { setText } from "../page/text.js";
import { Edges } from "./diagram-edges.js";
import { diagramColours, MAX_NEURONS, paintActivity, paintAtRest, paintMesh } from "./diagram-paint.js";
import { mountParameters } from "./diagram-parameters.js";

const CLASSIC = [16, 16, 10];
// The edges from the 784 pixels are not drawn, and their weights are most of the parameters.
const FIRST_EDGES = 2;
const NO_EDGES = { edges: [], full: 0 };
const NOWHERE = { x: 0, y: 0, side: 0, width: 0 };
const LARGEST = 12;

/** @param {HTMLElement} element as high as the bars; `--magnify` in the canvas's style makes neurons and edges small */
export function mountSmallPicture(element) {
  const canvas = part(element, "neurons", HTMLCanvasElement);
  const words = part(element, "too-large");
  const edges = new Edges();
  /** @type {any} of /predict with explain=true */
  let answer = null;
  let counts = CLASSIC;
  const repaintSoon = repainting(canvas, repaint);
  const parameters = mountParameters(repaintSoon, FIRST_EDGES);

  function repaint() {
    const ready = readied(canvas);
    const largest = Math.max(...counts);
    setText(words, largest > MAX_NEURONS ? `${largest} neurons in a layer: too many to draw` : "");
    if (!ready || largest > MAX_NEURONS) return;
    const { context, width, height } = ready;
    const layout = layOut(counts, width, height);
    const colours = diagramColours(canvas);
    paintMesh(context, layout, colours);
    if (!answer) return paintAtRest(context, layout, { ...colours, hairline: colours.quiet });
    const known = parameters.of(answer);
    const content = {
      activations: answer.activations,
      pixelEdges: NO_EDGES,
      products: known ? edges.between(known, answer.activations) : [],
      chosen: null,
      isPixelChosen: false,
      labels: null,
      digit: answer.digit,
    };
    paintActivity(context, layout, content, colours);
  }

  return {
    /** @param {any} next of /predict with explain=true; null for none */
    show(next) {
      answer = next;
      if (answer) counts = answer.activations.map((layer) => layer.length);
      repaintSoon();
    },
  };
}

/**
 * The layers after the input from edge to edge, with as much room for each output as for the bar beside it.
 *
 * @param {number[]} counts neurons of each layer
 * @param {number} width
 * @param {number} height
 * @returns {import("./diagram-layout.js").Layout}
 */
export function layOut(counts, width, height) {
  const margin = LARGEST + 1;
  const columns = counts.map((count, i) => {
    const pitch = height / count;
    const x = margin + ((width - 2 * margin) * i) / Math.max(1, counts.length - 1);
    return {
      xs: new Float32Array(count).fill(x),
      ys: Float32Array.from({ length: count }, (_, n) => (n + 0.5) * pitch),
      radius: Math.min(LARGEST, 0.4 * pitch),
      reach: { width: 0, height: 0 }, // it is only looked at
    };
  });
  return { isWide: true, width, height, picture: NOWHERE, words: NOWHERE, columns };
}
