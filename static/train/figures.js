/** The figures of an epoch, as the server's table (app/runs/figures.py) has them on the page. */

import { one } from "../page/elements.js";
import { accuracy, duration, short, whole } from "../page/format.js";

/**
 * @import {EpochEvent} from "./types.js"
 * @typedef {Exclude<keyof EpochEvent, "by_class">} Key
 * @typedef {{key: Key, name: string, format: keyof typeof FORMATS, column: string, summary: string, chart: string,
 *   compared: string}} Figure the texts are empty where the figure is not shown
 */

const FORMATS = { accuracy, duration, short, whole };

/**
 * @param {HTMLElement} main with the table in #figures
 * @returns {Figure[]}
 */
export function readFigures(main) {
  return JSON.parse(one(main, "#figures").textContent ?? "[]");
}

/**
 * @param {Pick<Figure, "format">} figure
 * @param {number | null | undefined} value
 */
export function figureText({ format }, value) {
  return value === null || value === undefined ? "–" : FORMATS[format](value);
}
