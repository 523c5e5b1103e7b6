/** The wall: a tile for each drawing, face down or with the network's answer, as large as fits. */

import { one } from "../../page/elements.js";
import { setText } from "../../page/text.js";
import { isRight, longAnswer, mountPictures, shortAnswer } from "../tile.js";
import { sideOf } from "./wall-order.js";

/**
 * @import {WallDrawing} from "../../page/room-stream.js"
 * @typedef {{name: string, simulated: boolean}} Author name: "" while names are off
 * @typedef {{item: HTMLElement, place: string}} Tile
 */

// In rem. The fewer drawings there are, the more a tile says below its picture.
const SIZES = [
  { name: "large", caption: 2.6, least: 5.25 },
  { name: "small", caption: 1.25, least: 4 },
  { name: "tiny", caption: 0, least: 2 },
];
const MOST = 18;
const GAP = 0.4;
// Below this width the page scrolls, and the wall is as high as it needs to be.
const FIXED = matchMedia("(min-width: 48rem)");
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

/**
 * @param {HTMLElement} list
 * @param {(drawing: number) => void} onOpen a tile was chosen
 */
export function mountWall(list, onOpen) {
  const pictures = mountPictures();
  /** @type {Map<number, Tile>} */
  const tiles = new Map();

  /**
   * @param {WallDrawing} drawing
   * @returns {Tile}
   */
  function newTile({ id, place, strokes = [] }) {
    const item = document.createElement("li");
    item.className = "wall-tile";
    item.dataset.drawing = String(id);
    if (place !== "up") {
      item.append(spanOf("wall-back", ""), spanOf("visually-hidden", "Face down"));
      return { item, place };
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wall-card";
    button.tabIndex = -1;
    button.append(
      pictures.of(strokes),
      spanOf("wall-answer", ""),
      spanOf("wall-name", ""),
      spanOf("wall-mark", "simulated"),
    );
    item.append(button);
    return { item, place };
  }

  /**
   * @param {WallDrawing} drawing
   * @returns {HTMLElement} the tile as it is now
   */
  function tileOf(drawing) {
    const before = tiles.get(drawing.id);
    if (before?.place === drawing.place) return before.item;
    const tile = newTile(drawing);
    if (before) {
      tile.item.classList.toggle("is-turned", drawing.place === "up");
      remove(drawing.id, before);
    }
    tiles.set(drawing.id, tile);
    return tile.item;
  }

  /**
   * @param {number} id
   * @param {Tile} tile
   */
  function remove(id, { item }) {
    const picture = item.querySelector("svg");
    if (picture) pictures.forget(picture);
    item.remove();
    tiles.delete(id);
  }

  /**
   * @param {HTMLElement} item
   * @param {WallDrawing} drawing
   * @param {Author} author
   */
  function label(item, drawing, { name, simulated }) {
    const button = item.firstElementChild;
    if (!(button instanceof HTMLButtonElement)) return;
    const words = longAnswer(drawing, name) + (simulated ? ", simulated" : "");
    if (button.getAttribute("aria-label") === words) return;
    button.setAttribute("aria-label", words);
    const right = isRight(drawing);
    button.dataset.right = right === null ? "unknown" : right ? "yes" : "no";
    setText(one(button, ".wall-answer"), shortAnswer(drawing));
    setText(one(button, ".wall-name"), name);
    one(button, ".wall-mark").hidden = !simulated;
  }

  /** Makes the tiles as large as fit between the list's edges. */
  function resize() {
    if (list.clientWidth === 0) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { clientWidth: width, clientHeight: height } = list;
    for (const { name, caption, least } of SIZES) {
      const space = { width, height: FIXED.matches ? height : 0, gap: GAP * rem, caption: caption * rem };
      const side = sideOf(tiles.size, space, MOST * rem);
      list.dataset.size = name;
      list.style.setProperty("--side", `${Math.floor(Math.max(side, least * rem))}px`);
      if (side >= least * rem || !FIXED.matches) return;
    }
  }

  function buttons() {
    return [...list.querySelectorAll("button")];
  }

  /** One tile can be reached with Tab, the others from there with the arrow keys. */
  function keepReachable() {
    const cards = buttons();
    if (cards.length > 0 && !cards.some(({ tabIndex }) => tabIndex === 0)) cards[0].tabIndex = 0;
  }

  list.addEventListener("keydown", (event) => {
    if (!KEYS.includes(event.key)) return;
    const cards = buttons();
    const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
    const at = cards.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (at < 0) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at };
    const next = cards[at + (steps[event.key] ?? cards.length - 1 - at)];
    event.preventDefault();
    if (!next) return;
    cards[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  list.addEventListener("click", ({ target }) => {
    const item = target instanceof Element ? target.closest("li") : null;
    if (item?.querySelector("button")) onOpen(Number(item.dataset.drawing));
  });
  new ResizeObserver(resize).observe(list);

  return {
    /** Whether there are so many tiles that their names are left out. */
    get isWithoutNames() {
      return list.dataset.size !== "large";
    },
    /**
     * @param {WallDrawing[]} drawings in their order
     * @param {(drawing: WallDrawing) => Author} authorOf
     */
    show(drawings, authorOf) {
      const ids = new Set(drawings.map(({ id }) => id));
      for (const [id, tile] of [...tiles]) if (!ids.has(id)) remove(id, tile);
      const focused = document.activeElement;
      drawings.forEach((drawing, i) => {
        const item = tileOf(drawing);
        if (drawing.place === "up") label(item, drawing, authorOf(drawing));
        if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
      });
      // An element that is moved loses the focus.
      if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
      keepReachable();
      resize();
    },
  };
}

/**
 * @param {string} className
 * @param {string} text
 */
function spanOf(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
