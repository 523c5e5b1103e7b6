/** Draws with the arrow keys, Space and Escape, while the sheet has the focus. */

import { AT_REST, described, moved, pointOf } from "./cell-pen.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<import("./drawing-pad.js").DrawingPad, "begin" | "extend" | "end" | "isDrawing" | "showCursor">} pad
 * @param {(text: string) => void} say announces where the pen is
 */
export function mountKeyboardPen(canvas, pad, say) {
  let pen = AT_REST;

  function show() {
    pad.showCursor(pen);
    say(described(pen));
  }

  function hide() {
    if (pen.isDown) pad.end();
    pen = { ...pen, isDown: false };
    pad.showCursor(null);
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Undo, clear or a picture ended this pen's stroke, so the pen is up.
    if (pen.isDown && !pad.isDrawing) pen = { ...pen, isDown: false };
    const after = moved(pen, event.key);
    if (after) {
      pen = after;
      if (pen.isDown) pad.extend([pointOf(pen)]);
    } else if ((event.key === " " && !event.repeat) || (event.key === "Escape" && pen.isDown)) {
      pen = { ...pen, isDown: !pen.isDown };
      if (pen.isDown) pad.begin(pointOf(pen));
      else pad.end();
    } else if (event.key !== " ") return;
    event.preventDefault(); // these keys would scroll the page
    show();
  });
  canvas.addEventListener("focus", () => {
    if (canvas.matches(":focus-visible")) show();
  });
  canvas.addEventListener("blur", hide);
  canvas.addEventListener("pointerdown", hide, { capture: true }); // before the pointer's own stroke begins
}
