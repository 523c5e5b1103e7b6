/** All drawings of the room, with what the teacher can do with each. Only what changed is made anew. */

import { all, one } from "../../page/elements.js";
import { whole } from "../../page/format.js";
import { copyOf } from "../../page/template.js";
import { setText } from "../../page/text.js";
import { longAnswer, mountPictures } from "../tile.js";
import { ACTIONS, countsByStatus, listed, STATUS_WORDS, statusOf } from "./control-words.js";

/**
 * @import {WallDrawing} from "../../page/room-stream.js"
 * @import {Filter} from "./control-words.js"
 * @typedef {{element: HTMLElement, part: (name: string) => HTMLElement, status: string}} Card
 */

// More come with a button: a class may have drawn thousands.
const AT_ONCE = 200;
/** @type {Record<Filter, string>} */
const EMPTY = {
  all: "Nobody has drawn yet.",
  waiting: "Nothing waits for your word.",
  ready: "Nothing is face down.",
  shown: "Nothing is shown.",
  hidden: "Nothing is hidden.",
  removed: "Nothing is removed.",
};

/**
 * @param {HTMLElement} section
 * @param {(drawing: number, status: string) => void} onStatus
 */
export function mountDrawingList(section, onStatus) {
  const list = one(section, "#drawing-list");
  const filters = all(section, "[data-filter]", HTMLButtonElement);
  const more = one(section, "#more-drawings", HTMLButtonElement);
  const pictures = mountPictures();
  /** @type {Map<number, Card>} */
  const cards = new Map();
  /** @type {Filter} */
  let filter = "all";
  let most = AT_ONCE;
  let again = () => {};

  for (const button of filters) {
    button.addEventListener("click", () => {
      filter = /** @type {Filter} */ (button.dataset.filter);
      most = AT_ONCE;
      again();
    });
  }
  more.addEventListener("click", () => {
    most += AT_ONCE;
    again();
  });
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    const card = button?.closest("li");
    if (button?.dataset.becomes && card) onStatus(Number(card.dataset.drawing), button.dataset.becomes);
  });

  /**
   * @param {WallDrawing} drawing
   * @param {string} name
   * @returns {HTMLElement} its card as it is now
   */
  function cardOf(drawing, name) {
    let card = cards.get(drawing.id);
    if (!card) {
      const { element, part } = copyOf("drawing-card", {});
      card = { element, part, status: "" };
      element.dataset.drawing = String(drawing.id);
      part("picture").append(pictures.of(drawing.strokes ?? []));
      cards.set(drawing.id, card);
    }
    setText(card.part("words"), longAnswer(drawing, name));
    const status = statusOf(drawing);
    if (card.status === status) return card.element;
    card.status = status;
    card.element.dataset.status = status;
    setText(card.part("status"), STATUS_WORDS[status]);
    const buttons = ACTIONS[status].map(({ becomes, verb }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.becomes = becomes;
      button.textContent = verb;
      button.setAttribute("aria-label", `${verb} drawing ${drawing.id}`);
      return button;
    });
    card.part("buttons").replaceChildren(...buttons);
    return card.element;
  }

  /** @param {number} id */
  function remove(id) {
    const element = cards.get(id)?.element;
    const picture = element?.querySelector("svg");
    if (picture) pictures.forget(picture);
    element?.remove();
    cards.delete(id);
  }

  /**
   * @param {Map<number, WallDrawing>} drawings
   * @param {(drawing: WallDrawing) => string} nameOf
   */
  function show(drawings, nameOf) {
    again = () => show(drawings, nameOf);
    const counts = countsByStatus(drawings.values());
    for (const button of filters) {
      const of = /** @type {Filter} */ (button.dataset.filter);
      button.setAttribute("aria-pressed", String(of === filter));
      setText(one(button, "span"), whole(counts[of]));
    }
    const matching = listed(drawings.values(), filter);
    const shown = matching.slice(0, most);
    const focused = list.contains(document.activeElement) ? document.activeElement?.closest("li") : null;
    const place = focused ? [...list.children].indexOf(focused) : 0;
    const ids = new Set(shown.map(({ id }) => id));
    for (const id of [...cards.keys()]) if (!ids.has(id)) remove(id);
    shown.forEach((drawing, i) => {
      const element = cardOf(drawing, nameOf(drawing));
      if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
    });
    if (focused && !list.contains(document.activeElement)) focusNear(focused, place);
    more.hidden = matching.length <= most;
    setText(more, `Show ${whole(Math.min(AT_ONCE, matching.length - most))} more`);
    const empty = one(section, "#no-drawings");
    empty.hidden = matching.length > 0;
    setText(empty, EMPTY[filter]);
  }

  /**
   * Keeps the focus where the pressed button was: on the same card, or on the one in its place.
   *
   * @param {Element} card
   * @param {number} place
   */
  function focusNear(card, place) {
    const near = list.contains(card) ? card : (list.children[place] ?? list.lastElementChild);
    const button = near?.querySelector("button");
    if (button) button.focus();
    else filters.find((one) => one.dataset.filter === filter)?.focus();
  }

  return { show };
}
