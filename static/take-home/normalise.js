/**
 * From 28 x 28 pixels to the network's input: the digit is centred, straightened and brought to one size by the moments
 * of its ink, which are its mean place, its spread, and its slant.
 */

import { sumOf } from "./network.js";
import { SIDE } from "./placement.js";

// The middle of the picture, counted from the middle of the first pixel.
const CENTRE = (SIDE - 1) / 2;
// A line that is one pixel wide has the variance of one pixel.
const LEAST_VARIANCE = 1 / 12;

/**
 * @param {number[]} pixels 784 of them, 0 = paper
 * @returns {number[]} 784 numbers in 0..1
 */
export function normalise(pixels) {
  const darkest = Math.max(...pixels) || 1;
  const image = pixels.map((ink) => ink / darkest);

  // Means over the ink, in pixels from the middle: of the place, of its squares, and of x times y.
  const mass = Math.max(sumOf(image), 1e-6);
  const meanOf = (value) => sumOf(image.map((ink, i) => ink * value(...placeOf(i)))) / mass;
  const x0 = meanOf((x) => x);
  const y0 = meanOf((_, y) => y);
  const varianceX = Math.max(meanOf((x) => x * x) - x0 * x0, LEAST_VARIANCE);
  const varianceY = Math.max(meanOf((_, y) => y * y) - y0 * y0, LEAST_VARIANCE);
  const covariance = meanOf((x, y) => x * y) - x0 * y0;

  // The slant: how far to the right the digit goes for each row down, at most 45 degrees.
  const shear = clamped(covariance / varianceY, -1, 1);
  const width = Math.sqrt(Math.max(varianceX - shear * (2 * covariance - shear * varianceY), LEAST_VARIANCE));
  const height = Math.sqrt(varianceY);
  const [stepX, stepY] = [stepOf(width, height), stepOf(height, width)];

  return image.map((_, i) => {
    const [x, y] = placeOf(i);
    return read(image, CENTRE + x0 + shear * stepY * y + stepX * x, CENTRE + y0 + stepY * y);
  });
}

/** The place of a pixel from the middle of the picture, to the right and down. */
function placeOf(i) {
  return [(i % SIDE) - CENTRE, Math.floor(i / SIDE) - CENTRE];
}

/** How many of the image's pixels become one of the input: four standard deviations of the ink become 20 pixels. */
function stepOf(side, other) {
  // A narrow digit is widened, but stays narrow.
  const ratio = Math.min(side / other, 1) ** 0.2;
  return clamped((4 * side) / 20 / ratio, 0.4, 2);
}

/** The ink between pixels: the mean of the four around, in which a nearer one counts more. Outside there is paper. */
function read(image, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const at = (column, row) => {
    const isInside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
    return isInside ? image[row * SIDE + column] : 0;
  };
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}

function clamped(number, least, most) {
  return Math.min(most, Math.max(least, number));
}
