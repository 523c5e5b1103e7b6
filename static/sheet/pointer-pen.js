/** Draws with a mouse, a finger or a pen. */

import { followOnePointer } from "../page/one-pointer.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<import("./drawing-pad.js").DrawingPad, "begin" | "extend" | "end" | "cancel">} pad
 */
export function mountPointerPen(canvas, pad) {
  let width = 0;

  /** @param {PointerEvent} event */
  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - canvas.clientLeft) / canvas.clientWidth;
    const y = (event.clientY - box.top - canvas.clientTop) / canvas.clientHeight;
    return { x, y };
  }

  const take = followOnePointer(canvas, {
    begin(event) {
      width = canvas.clientWidth;
      pad.begin(pointOf(event));
    },
    move(event) {
      // After a phone is rotated the sheet has moved: don't draw a line to the new place.
      if (canvas.clientWidth !== width) return pad.end();
      // The list is empty for events that a script made, and missing on some older browsers.
      const events = event.getCoalescedEvents?.() ?? [];
      pad.extend((events.length > 0 ? events : [event]).map(pointOf));
    },
    end: pad.end,
    cancel: pad.cancel,
  });

  // A mouse pressed beside the sheet draws too, unless it selects text.
  canvas.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 1 && getSelection().isCollapsed) take(event);
  });
}
