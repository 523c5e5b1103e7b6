/**
 * The layout of the diagram in CSS pixels: from left to right if there is room, from top to bottom on a phone.
 *
 * @typedef {{xs: Float32Array, ys: Float32Array, radius: number, reach: {width: number, height: number}}} Column the
 *   neurons of one layer; `reach` is what a pointer may hit around one
 * @typedef {object} Layout
 * @property {boolean} isWide from left to right
 * @property {number} width
 * @property {number} height
 * @property {{x: number, y: number, side: number}} picture
 * @property {{x: number, y: number, width: number}} words what is said of the picture
 * @property {Column[]} columns of the layers after the input
 */

const SIDE = 28;
const WIDE_FROM = 560;
const LARGEST = 12;
// Room for the digits and their percentages: beside the outputs, or below them.
const LABEL_WIDTH = 68;
const LABEL_HEIGHT = 46;
// If neurons are closer than this, a finger can't hit one, so they alternate between two lines.
const FINGER = 30;
const ZIGZAG = 17;

/**
 * @param {number[]} sizes of the layers, pixels first
 * @param {{width: number, height: number}} stage
 * @returns {Layout}
 */
export function layOut(sizes, stage) {
  return stage.width >= WIDE_FROM ? fromLeft(sizes.slice(1), stage) : fromTop(sizes.slice(1), stage);
}

function fromLeft(counts, { width, height }) {
  const side = wholeCells(Math.min(0.28 * width, 224));
  const picture = { x: 0, y: Math.round((height - side) / 2), side };
  const step = (width - LABEL_WIDTH - LARGEST - side) / counts.length;
  const columns = counts.map((count, i) => {
    const pitch = height / count;
    return {
      xs: new Float32Array(count).fill(side + step * (i + 1)),
      ys: Float32Array.from({ length: count }, (_, n) => (n + 0.5) * pitch),
      radius: Math.min(LARGEST, 0.36 * pitch),
      reach: { width: 44, height: Math.min(44, pitch) },
    };
  });
  const words = { x: 0, y: picture.y + side + 8, width: side };
  return { isWide: true, width, height, picture, words, columns };
}

function fromTop(counts, { width, height }) {
  const side = wholeCells(Math.min(0.45 * width, 196));
  const picture = { x: 0, y: 0, side };
  const step = (height - LABEL_HEIGHT - LARGEST - side) / counts.length;
  const columns = counts.map((count, i) => {
    const pitch = width / count;
    const zigzag = pitch < FINGER ? ZIGZAG : 0;
    return {
      xs: Float32Array.from({ length: count }, (_, n) => (n + 0.5) * pitch),
      ys: Float32Array.from({ length: count }, (_, n) => side + step * (i + 1) + (n % 2 === 0 ? -zigzag : zigzag)),
      radius: Math.min(LARGEST, zigzag ? 0.44 * pitch : 0.36 * pitch),
      reach: zigzag ? { width: Math.min(44, 2 * pitch), height: 2 * ZIGZAG } : { width: pitch, height: 44 },
    };
  });
  const words = { x: side + 14, y: 0, width: width - side - 14 };
  return { isWide: false, width, height, picture, words, columns };
}

/** A side that is a multiple of 28, so that all cells have the same width. */
function wholeCells(room) {
  return SIDE * Math.max(2, Math.floor(room / SIDE));
}

/**
 * The neuron that an arrow key moves to, or null.
 *
 * @param {string} key
 * @param {{layer: number, neuron: number}} from `layer` counts 1, 2, 3; `neuron` from 0
 * @param {number[]} sizes
 * @param {boolean} isWide
 */
export function neuronAfter(key, { layer, neuron }, sizes, isWide) {
  const last = sizes[layer] - 1;
  const along = isWide ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
  const across = isWide ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  if (along.includes(key)) {
    const next = neuron + (key === along[0] ? -1 : 1);
    return { layer, neuron: Math.min(last, Math.max(0, next)) };
  }
  if (across.includes(key)) {
    const next = Math.min(sizes.length - 1, Math.max(1, layer + (key === across[0] ? -1 : 1)));
    // At the same relative position in the other layer.
    return { layer: next, neuron: Math.floor(((neuron + 0.5) / sizes[layer]) * sizes[next]) };
  }
  if (key === "Home") return { layer, neuron: 0 };
  if (key === "End") return { layer, neuron: last };
  return null;
}
