/**
 * A drawing of a room as a small picture with the network's answer. The picture is an SVG: it keeps sharp at any size
 * and takes the page's colours, so it is made once.
 */

import { percent } from "../page/format.js";
import { fromPoints } from "../sheet/stroke-points.js";
import { emptyPicture, strokesPath } from "../sheet/strokes-picture.js";

/** @import {WallDrawing} from "../page/room-stream.js" */

// Pictures are made a little before they are scrolled to.
const AHEAD = "400px";

/**
 * Makes pictures, each when it gets near the screen: a class of 40 may have drawn a thousand.
 */
export function mountPictures() {
  /** @type {Map<Element, number[][][]>} those that wait, with their strokes */
  const waiting = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) paint(target);
    },
    { rootMargin: AHEAD },
  );

  /** @param {Element} picture */
  function paint(picture) {
    const strokes = waiting.get(picture);
    if (strokes) picture.append(strokesPath(fromPoints(strokes)));
    forget(picture);
  }

  /** @param {Element} picture */
  function forget(picture) {
    observer.unobserve(picture);
    waiting.delete(picture);
  }

  return {
    /**
     * @param {number[][][]} strokes
     * @returns {SVGSVGElement} without a name: what is around it says what it shows
     */
    of(strokes) {
      const picture = roomPicture();
      waiting.set(picture, strokes);
      observer.observe(picture);
      return picture;
    },
    /** A picture that leaves the page. */
    forget,
  };
}

/**
 * @param {number[][][]} strokes
 * @returns {SVGSVGElement} the picture, made at once
 */
export function pictureOf(strokes) {
  const picture = roomPicture();
  picture.append(strokesPath(fromPoints(strokes)));
  return picture;
}

function roomPicture() {
  const picture = emptyPicture();
  picture.setAttribute("class", "room-picture");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("focusable", "false");
  return picture;
}

/**
 * Whether the answer is the digit that was meant; null if none was.
 *
 * @param {WallDrawing} drawing that has its answer
 */
export function isRight({ label, digit }) {
  return label === null || label === undefined ? null : label === digit;
}

/**
 * The answer in a few characters: a sign says whether it is right.
 *
 * @param {WallDrawing} drawing that has its answer
 */
export function shortAnswer(drawing) {
  const right = isRight(drawing);
  return `${drawing.digit}${right === null ? "" : right ? " ✓" : " ✗"}`;
}

/**
 * @param {WallDrawing} drawing that has its answer
 * @param {string} name of who drew it, or ""
 */
export function longAnswer(drawing, name) {
  const right = isRight(drawing);
  const by = name ? `Drawn by ${name}` : "Drawn";
  const meant = right === null ? "" : ` as ${drawing.label}`;
  const judged = right === null ? "" : right ? ": right" : ": wrong";
  const sure = percent(drawing.confidence ?? 0).replace(">", "more than ");
  return `${by}${meant}, read as ${drawing.digit}${judged}, ${sure} sure`;
}
