/** The strip of a pupil's own drawings, the newest first, each with its answer. */

import { percent } from "../../page/format.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { pictureOf } from "../tile.js";
import { described } from "./pupil-words.js";

/**
 * @typedef {{id?: number, token?: string, label: number | null, strokes: number[][][], digit?: number,
 *   confidence?: number, status?: string}} OwnDrawing one with a token and no id is on its way
 */

/** @param {HTMLElement} list @param {HTMLElement} section hidden without a drawing */
export function mountOwnDrawings(list, section) {
  /** @type {Map<string | number, ReturnType<typeof newItem>>} */
  const items = new Map();

  return {
    /** @param {OwnDrawing[]} drawings oldest first */
    show(drawings) {
      const keys = new Set(drawings.map(keyOf));
      for (const [key, item] of items) {
        if (keys.has(key)) continue;
        item.element.remove();
        items.delete(key);
      }
      drawings.forEach((drawing) => {
        const item = items.get(keyOf(drawing)) ?? newItem(drawing);
        if (!items.has(keyOf(drawing))) list.prepend(item.element);
        items.set(keyOf(drawing), item);
        item.show(drawing);
      });
      section.hidden = drawings.length === 0;
    },
  };
}

/** @param {OwnDrawing} drawing */
function keyOf({ id, token }) {
  return id ?? token ?? 0;
}

/** @param {OwnDrawing} first */
function newItem({ strokes }) {
  const { element, part } = copyOf("own-drawing-item", {});
  const tile = part("tile");
  tile.append(pictureOf(strokes));
  return {
    element,
    /** @param {OwnDrawing} drawing */
    show(drawing) {
      element.dataset.status = statusOf(drawing);
      setText(part("answer"), captionOf(drawing));
      tile.setAttribute("aria-label", described(drawing));
    },
  };
}

/** @param {OwnDrawing} drawing */
function statusOf({ label, digit, status }) {
  if (digit === undefined) return "unsent";
  if (status !== "kept") return status ?? "kept";
  return label === null || label === digit ? "kept" : "wrong";
}

/** @param {OwnDrawing} drawing */
function captionOf({ label, digit, confidence, status }) {
  if (digit === undefined) return "not sent";
  if (status === "removed") return "removed";
  if (status === "waiting") return `${digit}? waits`;
  return label === null || label === digit ? `${digit} · ${percent(confidence ?? 0)}` : `${digit}, not ${label}`;
}
