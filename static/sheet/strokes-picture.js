/** A small picture of strokes, in the text's colour. As SVG it is sharp at any size, and follows the colours of the page. */

import { PEN_WIDTH, traceStroke } from "./drawing.js";

/** @import {Stroke} from "./drawing.js" */

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 100;

/**
 * @param {Stroke[]} strokes
 * @param {string} name for screen readers
 */
export function strokesPicture(strokes, name) {
  const picture = emptyPicture();
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", name);
  picture.append(strokesPath(strokes));
  return picture;
}

/** @returns {SVGSVGElement} a picture without a name, for `strokesPath` */
export function emptyPicture() {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  return picture;
}

/** @param {Stroke[]} strokes */
export function strokesPath(strokes) {
  const path = document.createElementNS(SVG, "path");
  const attributes = {
    d: pathOf(strokes),
    fill: "none",
    stroke: "currentColor",
    "stroke-width": String(PEN_WIDTH * SIDE),
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  for (const [attribute, value] of Object.entries(attributes)) path.setAttribute(attribute, value);
  return path;
}

/**
 * @param {Stroke[]} strokes
 * @returns {string} the data of an SVG path in a square of 100 by 100
 */
export function pathOf(strokes) {
  /** @type {(string | number)[]} */
  const steps = [];
  const path = {
    moveTo: (...to) => steps.push("M", ...to),
    lineTo: (...to) => steps.push("L", ...to),
    quadraticCurveTo: (...to) => steps.push("Q", ...to),
  };
  for (const stroke of strokes) traceStroke(path, stroke, SIDE);
  return steps.map((step) => (typeof step === "number" ? Number(step.toFixed(2)) : step)).join(" ");
}
