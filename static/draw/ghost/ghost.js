/**
 * A ghost's pen that writes a digit on the empty sheet, once, while the network answers: it shows what the page does.
 * The digit is no drawing: it is not kept, can't be undone, and is gone once the reader does anything.
 */

import { Asker } from "../../page/asker.js";
import { part } from "../../page/part.js";
import { keptInTab } from "../../page/tab.js";
import { PEN_WIDTH } from "../../sheet/drawing.js";

/** @import {Drawing} from "../../sheet/drawing.js" */

// Milliseconds: before it begins, while it writes, and while the digit and its answer can be looked at.
const RESTS = 400;
const WRITES = 2_300;
const STAYS = 1_900;
const FADES = 400;
// How often the network is asked: each time about a longer part of the digit.
const QUESTIONS = 4;
// Units of the picture on a side of the sheet, and points that a whole digit is sent with.
const SIDE = 100;
const POINTS = 60;

/**
 * @param {HTMLElement} sheet
 * @param {(drawing: Drawing, signal: AbortSignal) => Promise<{answer: any}>} predict
 * @param {(answer: any) => void} show an answer, or null for none
 */
export function mountGhost(sheet, predict, show) {
  const picture = part(sheet, "ghost", SVGElement);
  const line = part(sheet, "ghost-line", SVGPathElement);
  const pen = part(sheet, "ghost-pen", SVGElement);
  const seen = keptInTab("ghost");
  const asker = new Asker(predict, (outcome) => {
    if (outcome.kind !== "answered") return end();
    show(outcome.answer.answer);
    if (isWritten) timer = setTimeout(leave, STAYS);
  });
  let isOver = false;
  let isWriting = false;
  let isWritten = false;
  let asked = 0;
  let timer = 0;
  let frame = 0;

  /** Begins after a moment in which the page is looked at and nothing happens. */
  function wait() {
    clearTimeout(timer);
    if (!isOver && document.visibilityState === "visible") timer = setTimeout(begin, RESTS);
  }

  function begin() {
    isWriting = true;
    seen.write(true);
    picture.removeAttribute("hidden");
    line.style.strokeWidth = String(PEN_WIDTH * SIDE);
    const length = line.getTotalLength();
    const from = performance.now();

    function write() {
      const share = eased(Math.min(1, (performance.now() - from) / WRITES));
      line.style.strokeDasharray = `${share * length} ${2 * length}`;
      const { x, y } = line.getPointAtLength(share * length);
      pen.setAttribute("transform", `translate(${x} ${y})`);
      if (share < 1) frame = requestAnimationFrame(write);
      else finish();
      const question = Math.floor(share * QUESTIONS);
      if (question > asked) asker.ask(written(share * length), isWritten);
      asked = question;
    }
    write();
  }

  /**
   * What is written so far, as a drawing.
   *
   * @param {number} length in units of the picture
   * @returns {Drawing}
   */
  function written(length) {
    const stroke = Array.from({ length: POINTS + 1 }, (_, i) => {
      const { x, y } = line.getPointAtLength((length * i) / POINTS);
      return { x: x / SIDE, y: y / SIDE };
    });
    return { picture: null, strokes: [stroke] };
  }

  function finish() {
    isWritten = true;
    pen.setAttribute("hidden", "");
    sheet.classList.add("is-your-turn");
  }

  function leave() {
    picture.animate({ opacity: [1, 0] }, FADES).finished.then(end, () => {});
  }

  /** Also while it has not begun: then it never does. */
  function end() {
    if (isOver) return;
    isOver = true;
    seen.write(true);
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    asker.forget();
    picture.remove();
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, end, true);
    document.removeEventListener("visibilitychange", onVisibility);
    if (isWriting) show(null);
  }

  function onVisibility() {
    if (isWriting) end();
    else wait();
  }

  return {
    /** Unless this tab has seen it, or its reader wants nothing that moves. */
    begin() {
      if (isOver || seen.read() || matchMedia("(prefers-reduced-motion: reduce)").matches) return end();
      for (const type of ["pointerdown", "keydown"]) addEventListener(type, end, true);
      document.addEventListener("visibilitychange", onVisibility);
      wait();
    },
    end,
  };
}

/**
 * A hand begins and ends slowly.
 *
 * @param {number} share of the time, 0..1
 * @returns {number} share of the way, 0..1
 */
export function eased(share) {
  return share - Math.sin(2 * Math.PI * share) / (4 * Math.PI);
}
