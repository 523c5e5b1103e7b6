/**
 * Paints the network: a neuron is as dark as it is active, an edge as strong as weight x activation of the neuron it
 * comes from. Negative values have the other colour and are dashed.
 *
 * @typedef {import("./diagram-layout.js").Layout} Layout
 * @typedef {import("../charts/heat-colours.js").Colours & {quiet: string, hairline: string}} Colours
 * @typedef {{layer: number, neuron: number}} Neuron `layer` counts 1, 2, 3
 * @typedef {{pixel: number, neuron: number, product: number}} PixelEdge
 * @typedef {object} Content
 * @property {number[][]} activations of the layers after the input
 * @property {{edges: PixelEdge[], full: number}} pixelEdges those into the first layer that are shown, and the product
 *   of the strongest of all
 * @property {Float64Array[]} products of the later layers, [neuron * inputs + input]; empty until they are known
 * @property {Neuron | null} chosen whose edges stand out
 * @property {boolean} isPixelChosen whether the pixels' edges stand out
 * @property {string[] | null} labels of the outputs: how likely each is; null where the page has them beside the picture
 * @property {number} digit that is answered
 */

import { heatColours, largest } from "../charts/heat-colours.js";
import { custom } from "../page/canvas.js";

// With more neurons in one layer, neighbours could not be distinguished.
export const MAX_NEURONS = 32;

const SIDE = 28;
const DASH = [6, 4];
const SOLID = [];
// Edges weaker than this share of the strongest are not highlighted; the mesh shows all edges.
const WEAKEST = 0.05;
const IN_THE_BACK = 0.22;

/**
 * The colours of the page around an element.
 *
 * @param {Element} element
 * @returns {Colours}
 */
export function diagramColours(element) {
  const style = getComputedStyle(element);
  const [quiet, hairline] = ["--quiet", "--hairline"].map((name) => custom(style, name));
  return { ...heatColours(element), quiet, hairline };
}

/** All edges as hairlines. They don't change, so this is painted once. */
export function paintMesh(context, layout, { ink }) {
  const { columns, isWide } = layout;
  context.strokeStyle = ink;
  context.globalAlpha = 0.09;
  context.lineWidth = 0.5;
  context.beginPath();
  for (let i = 1; i < columns.length; i++) {
    const [before, column] = [columns[i - 1], columns[i]];
    for (let to = 0; to < column.xs.length; to++) {
      for (let from = 0; from < before.xs.length; from++) trace(context, before, from, column, to, isWide);
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} layout
 * @param {Content} content
 * @param {Colours} colours
 * @param {string} [fontFamily] of the labels
 */
export function paintActivity(context, layout, content, colours, fontFamily) {
  paintPixelEdges(context, layout, content, colours);
  content.products.forEach((products, i) => {
    if (i > 0) paintEdges(context, layout, i, products, content, colours);
  });
  context.setLineDash(SOLID);
  layout.columns.forEach((column, i) => {
    const activations = content.activations[i];
    // Outputs are probabilities; hidden activations have no limit, so they are scaled by the largest.
    const full = i === layout.columns.length - 1 ? 1 : largest(activations);
    paintNeurons(context, column, activations, full, colours);
  });
  if (content.labels) paintLabels(context, layout, content, colours, fontFamily);
  context.globalAlpha = 1;
}

/** Only the neurons, when there is no answer. */
export function paintAtRest(context, layout, { paper, hairline }) {
  context.fillStyle = paper;
  context.strokeStyle = hairline;
  context.lineWidth = 1;
  for (const { xs, ys, radius } of layout.columns) {
    for (let n = 0; n < xs.length; n++) {
      circle(context, xs[n], ys[n], radius);
      context.fill();
      context.stroke();
    }
  }
}

function paintPixelEdges(context, { picture, columns, isWide }, { pixelEdges, chosen, isPixelChosen }, colours) {
  const cell = picture.side / SIDE;
  const [{ xs, ys, radius }] = columns;
  for (const { pixel, neuron, product } of pixelEdges.edges) {
    const isFront = isPixelChosen || chosen === null || (chosen.layer === 1 && chosen.neuron === neuron);
    if (!pen(context, product, pixelEdges.full, isFront, colours)) continue;
    context.beginPath();
    context.moveTo(picture.x + ((pixel % SIDE) + 0.5) * cell, picture.y + (Math.floor(pixel / SIDE) + 0.5) * cell);
    if (isWide) context.lineTo(xs[neuron] - radius, ys[neuron]);
    else context.lineTo(xs[neuron], ys[neuron] - radius);
    context.stroke();
  }
}

function paintEdges(context, { columns, isWide }, i, products, { chosen, isPixelChosen }, colours) {
  const [before, column] = [columns[i - 1], columns[i]];
  const inputs = before.xs.length;
  const full = largest(products);
  for (let to = 0; to < column.xs.length; to++) {
    const isFront = !isPixelChosen && (chosen === null || (chosen.layer === i + 1 && chosen.neuron === to));
    for (let from = 0; from < inputs; from++) {
      if (!pen(context, products[to * inputs + from], full, isFront, colours)) continue;
      context.beginPath();
      trace(context, before, from, column, to, isWide);
      context.stroke();
    }
  }
}

/** Sets the line style for an edge. Returns false if it is too weak to see. */
function pen(context, product, full, isFront, { positive, negative }) {
  const strength = full > 0 ? Math.abs(product) / full : 0;
  if (strength < WEAKEST) return false;
  context.globalAlpha = (isFront ? 1 : IN_THE_BACK) * (0.12 + 0.83 * strength);
  context.lineWidth = 0.75 + 2.75 * strength;
  context.strokeStyle = product < 0 ? negative : positive;
  context.setLineDash(product < 0 ? DASH : SOLID);
  return true;
}

function trace(context, before, from, column, to, isWide) {
  if (isWide) {
    context.moveTo(before.xs[from] + before.radius, before.ys[from]);
    context.lineTo(column.xs[to] - column.radius, column.ys[to]);
  } else {
    context.moveTo(before.xs[from], before.ys[from] + before.radius);
    context.lineTo(column.xs[to], column.ys[to] - column.radius);
  }
}

function paintNeurons(context, { xs, ys, radius }, activations, full, { paper, ink, negative, quiet }) {
  context.lineWidth = 1;
  for (let n = 0; n < xs.length; n++) {
    const activation = activations[n];
    circle(context, xs[n], ys[n], radius);
    context.globalAlpha = 1;
    context.fillStyle = paper;
    context.fill();
    context.globalAlpha = full > 0 ? Math.abs(activation) / full : 0;
    context.fillStyle = activation < 0 ? negative : ink;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = activation < 0 ? negative : quiet;
    context.setLineDash(activation < 0 ? [3, 2.5] : SOLID);
    context.stroke();
  }
  context.setLineDash(SOLID);
}

function paintLabels(context, { columns, isWide }, { labels, digit }, { ink, quiet, positive }, fontFamily) {
  const { xs, ys, radius } = columns.at(-1);
  context.textBaseline = "middle";
  context.textAlign = isWide ? "left" : "center";
  for (let n = 0; n < xs.length; n++) {
    const isAnswer = n === digit;
    context.font = `${isAnswer ? 700 : 600} 15px ${fontFamily}`;
    context.fillStyle = isAnswer ? positive : ink;
    const [x, y] = isWide ? [xs[n] + radius + 8, ys[n]] : [xs[n], ys[n] + radius + 13];
    context.fillText(String(n), x, y);
    context.font = `${isAnswer ? 700 : 400} ${isWide ? 13 : 11}px ${fontFamily}`;
    context.fillStyle = isAnswer ? positive : quiet;
    if (isWide) context.fillText(labels[n], x + 18, y);
    else context.fillText(labels[n], x, y + 17);
  }
}

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
