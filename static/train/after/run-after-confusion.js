/**
 * The confusion matrix: a row for each class, a column for each that images were taken for. A cell shows the images
 * behind it; the arrow keys go from one to the next.
 */

import { request } from "../../page/api.js";
import { mountFetchedPart } from "../../page/fetched-part.js";
import { accuracy, whole } from "../../page/format.js";
import { copyOf } from "../../page/template.js";
import { mountRunImages } from "./run-after-images.js";
import { areDigits, cellWords, mostConfused, nameOf } from "./run-after-words.js";

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * How dark each cell is, in 0..1: the square root of its share, or the few wrong ones could not be seen. Right ones
 * are measured by their row, wrong ones by the most frequent of them.
 *
 * @param {number[][]} confusion
 */
export function shades(confusion) {
  const shares = confusion.map((row) => {
    const all = row.reduce((sum, count) => sum + count, 0) || 1;
    return row.map((count) => count / all);
  });
  const most = Math.max(...shares.flatMap((row, label) => row.filter((_, answer) => answer !== label))) || 1;
  return shares.map((row, label) => row.map((share, answer) => Math.sqrt(answer === label ? share : share / most)));
}

/**
 * @param {HTMLElement} part
 * @param {string} path of the run's results
 */
export function mountConfusion(part, path) {
  const table = part.querySelector("table");
  const behind = part.querySelector("[data-part=behind]");
  const title = behind.querySelector("[data-part=cell]");
  const images = mountRunImages(behind);
  /** @type {(HTMLButtonElement | null)[][]} */
  let cells = [];
  let version = "";
  /** @type {string[]} */
  let classes = [];

  const fetched = mountFetchedPart(behind, ({ found, of }) => {
    if (of !== version) return;
    const more = found.count > found.images.length ? `, here the ${whole(found.images.length)} surest of them` : "";
    title.textContent = `${cellWords(found, classes)}${more}.`;
    images.show(found.images, classes);
  });

  function choose(label, answer) {
    for (const cell of cells.flat()) if (cell) cell.ariaPressed = String(cell === cells[label][answer]);
    behind.hidden = false;
    const of = version;
    fetched.want(`${of}/${label}/${answer}`, async (signal) => ({
      found: await request(`${path}/images?label=${label}&answer=${answer}`, { signal }),
      of,
    }));
  }

  /** Only one cell is a stop of the Tab key: a hundred would be a wall. */
  function makeStop(cell) {
    for (const other of cells.flat()) if (other) other.tabIndex = other === cell ? 0 : -1;
  }

  function placeOf(cell) {
    const row = cells.findIndex((buttons) => buttons.includes(cell));
    return [row, cells[row]?.indexOf(cell)];
  }

  table.addEventListener("keydown", (event) => {
    const [down, right] = ARROWS[event.key] ?? [0, 0];
    let [row, column] = placeOf(event.target);
    if (row < 0 || (down === 0 && right === 0)) return;
    event.preventDefault();
    do [row, column] = [row + down, column + right];
    while (cells[row]?.[column] === null); // where there is no image there is nothing to choose
    const next = cells[row]?.[column];
    if (!next) return;
    makeStop(next);
    next.focus();
  });

  function rowOf(results, shade, label, columns) {
    const { element, part: rowPart } = copyOf("run-after-row", { name: nameOf(classes, label) });
    const share = results.by_class[label];
    rowPart("right").textContent = accuracy(share);
    cells[label] = columns.map((answer) => {
      const count = results.confusion[label][answer];
      const { element: cell, part: cellPart } = copyOf("run-after-cell", {});
      const button = cellPart("images");
      cell.classList.toggle("is-right", label === answer);
      cell.style.setProperty("--shade", String(shade[label][answer]));
      rowPart("right").before(cell);
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
    /** @param {any} results of GET /runs/{id}/results */
    show(results) {
      ({ classes, version } = results);
      behind.hidden = true;
      part.querySelector("[data-part=most]").textContent = mostConfused(results.confusion, classes);
      // Ten outputs answer also where the data has fewer classes; of those, only what was ever answered is shown.
      const columns = results.confusion[0]
        .map((_, i) => i)
        .filter((i) => i < classes.length || results.confusion.some((row) => row[i] > 0));
      const heads = columns.map((i) => copyOf("run-after-head", { name: nameOf(classes, i) }).element);
      table.classList.toggle("has-names", !areDigits(classes));
      const [first, last] = [
        table.tHead.rows[0].cells[0],
        table.tHead.rows[0].cells[table.tHead.rows[0].cells.length - 1],
      ];
      table.tHead.rows[0].replaceChildren(first, ...heads, last);
      const shade = shades(results.confusion);
      cells = [];
      table.tBodies[0].replaceChildren(...classes.map((_, label) => rowOf(results, shade, label, columns)));
      makeStop(cells.flat().find(Boolean));
    },
  };
}
