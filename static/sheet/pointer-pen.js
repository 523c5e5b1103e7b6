/** Draws with a mouse, a finger or a pen: the first pointer that touches, until it is lifted. */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./drawing-pad.js").DrawingPad} pad
 */
export function mountPointerPen(canvas, pad) {
  /** @type {number | null} */
  let pointer = null;
  let width = 0;

  /** @param {PointerEvent} event */
  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - canvas.clientLeft) / canvas.clientWidth;
    const y = (event.clientY - box.top - canvas.clientTop) / canvas.clientHeight;
    return { x, y };
  }

  /** @param {PointerEvent} event */
  function begin(event) {
    if (pointer !== null) return;
    pointer = event.pointerId;
    width = canvas.clientWidth;
    canvas.setPointerCapture(pointer);
    pad.begin(pointOf(event));
  }

  function end() {
    pointer = null;
    pad.end();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0) begin(event);
  });

  // A mouse pressed beside the sheet draws too, unless it selects text.
  canvas.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 1 && getSelection().isCollapsed) begin(event);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    // After a phone is rotated the sheet has moved: don't draw a line to the new place.
    if (canvas.clientWidth !== width) return end();
    // The list is empty for events that a script made, and missing on some older browsers.
    const events = event.getCoalescedEvents?.() ?? [];
    pad.extend((events.length > 0 ? events : [event]).map(pointOf));
  });

  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(type, (event) => {
      if (event.pointerId === pointer) end();
    });
  }
}
