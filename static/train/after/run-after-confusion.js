/**
 * The confusion matrix: a row for each class, a column for each answer. Choosing a cell shows its images; the arrow
 * keys go from cell to cell.
 */

import { request } from "../../page/api.js";
import { one } from "../../page/elements.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { accuracy, whole } from "../../page/format.js";
import { part } from "../../page/part.js";
import { copyOf } from "../../page/template.js";
import { mountRunImages } from "./run-after-images.js";
import { areDigits, cellWords, mostConfused, nameOf } from "./run-after-words.js";

/** @import {Results, TestImage} from "./run-after-words.js" */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * How dark each cell is, in 0..1: the square root of its share of the row, so that the few mistakes can be seen.
 * Mistakes are scaled by the most frequent mistake.
 *
 * @param {number[][]} confusion
 */
export function shades(confusion) {
  const shares = confusion.map((row) => {
    const all = row.reduce((sum, count) => sum + count, 0) || 1;
    return row.map((count) => count / all);
  });
  const max = Math.max(...shares.flatMap((row, label) => row.filter((_, answer) => answer !== label))) || 1;
  return shares.map((row, label) => row.map((share, answer) => Math.sqrt(answer === label ? share : share / max)));
}

/**
 * @param {HTMLElement} section
 * @param {string} path of the run's results
 */
export function mountConfusion(section, path) {
  const table = one(section, "table", HTMLTableElement);
  const head = one(table, "thead tr", HTMLTableRowElement);
  const [corner, rightHead] = head.cells;
  const behind = part(section, "behind");
  const images = mountRunImages(behind);
  /** @type {(HTMLButtonElement | null)[][]} */
  let cells = [];
  let version = "";
  /** @type {string[]} */
  let classes = [];

  /** @param {{found: {label: number, answer: number, count: number, images: TestImage[]}, of: string}} data */
  function showImages({ found, of }) {
    if (of !== version) return;
    const more = found.count > found.images.length ? `; the ${whole(found.images.length)} surest are shown` : "";
    part(behind, "cell").textContent = `${cellWords(found, classes)}${more}.`;
    images.show(found.images, classes);
  }
  const fetched = mountFetchedPart(behind, showImages);

  /**
   * @param {number} label
   * @param {number} answer
   */
  function choose(label, answer) {
    for (const cell of cells.flat()) if (cell) cell.ariaPressed = String(cell === cells[label][answer]);
    behind.hidden = false;
    const of = version;
    fetched.want(`${of}/${label}/${answer}`, async (signal) => ({
      found: await request(`${path}/images?label=${label}&answer=${answer}`, { signal }),
      of,
    }));
  }

  /**
   * Only one cell is a stop of the Tab key, not all hundred.
   *
   * @param {HTMLButtonElement | undefined} cell
   */
  function makeStop(cell) {
    for (const other of cells.flat()) if (other) other.tabIndex = other === cell ? 0 : -1;
  }

  table.addEventListener("keydown", (event) => {
    const [down, right] = ARROWS[event.key] ?? [0, 0];
    const cell = /** @type {HTMLButtonElement} */ (event.target);
    let row = cells.findIndex((buttons) => buttons.includes(cell));
    if (row < 0 || (down === 0 && right === 0)) return;
    let column = cells[row].indexOf(cell);
    event.preventDefault();
    do [row, column] = [row + down, column + right];
    while (cells[row]?.[column] === null); // skips cells without images
    const next = cells[row]?.[column];
    if (!next) return;
    makeStop(next);
    next.focus();
  });

  /**
   * @param {Results} results
   * @param {number[][]} shade
   * @param {number} label
   * @param {number[]} columns
   */
  function rowOf(results, shade, label, columns) {
    const { element } = copyOf("run-after-row", { name: nameOf(classes, label) });
    const right = part(element, "right");
    right.textContent = accuracy(results.by_class[label]);
    cells[label] = columns.map((answer) => {
      const count = results.confusion[label][answer];
      const { element: cell } = copyOf("run-after-cell", {});
      const button = part(cell, "images", HTMLButtonElement);
      cell.classList.toggle("is-right", label === answer);
      cell.style.setProperty("--shade", String(shade[label][answer]));
      right.before(cell);
      if (count === 0) {
        cell.textContent = "0";
        return null;
      }
      button.textContent = whole(count);
      button.setAttribute("aria-label", cellWords({ label, answer, count }, classes));
      button.addEventListener("click", () => {
        makeStop(button);
        choose(label, answer);
      });
      return button;
    });
    return element;
  }

  return {
    /** @param {Results} results */
    show(results) {
      ({ classes, version } = results);
      behind.hidden = true;
      part(section, "most").textContent = mostConfused(results.confusion, classes);
      // There are always ten outputs; one without a class is shown only if it ever was the answer.
      const columns = results.confusion[0]
        .map((_, i) => i)
        .filter((i) => i < classes.length || results.confusion.some((row) => row[i] > 0));
      const heads = columns.map((i) => copyOf("run-after-head", { name: nameOf(classes, i) }).element);
      table.classList.toggle("has-names", !areDigits(classes));
      head.replaceChildren(corner, ...heads, rightHead);
      const shade = shades(results.confusion);
      cells = [];
      table.tBodies[0].replaceChildren(...classes.map((_, label) => rowOf(results, shade, label, columns)));
      makeStop(cells.flat().find((cell) => cell !== null));
    },
  };
}
