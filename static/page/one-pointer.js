/**
 * Follows one pointer at a time on an element: a mouse, a finger or a pen, from where it touches until it is lifted.
 *
 * A hand that writes with a pen rests its palm on the screen, often before the pen touches. So a pen takes over from a
 * touch, what the touch did is undone, and touches next to a pen do nothing.
 */

// Milliseconds after the pen was last seen, also above the screen: longer than between two strokes of a digit.
const PALM_RESTS = 1_000;

/**
 * @param {HTMLElement} element
 * @param {object} does
 * @param {(event: PointerEvent) => void} does.begin
 * @param {(event: PointerEvent) => void} does.move
 * @param {() => void} does.end
 * @param {() => void} does.cancel undoes what the pointer did: it was a palm, or the system took it for a gesture
 * @returns {(event: PointerEvent) => void} follows a pointer that was pressed elsewhere, unless there is one already
 */
export function followOnePointer(element, { begin, move, end, cancel }) {
  /** @type {PointerEvent | null} how the pointer that is followed began */
  let first = null;
  let penSeenAt = -Infinity;

  /** @param {PointerEvent} event */
  function take(event) {
    const takesOver = event.pointerType === "pen" && first?.pointerType === "touch";
    const isPalm = event.pointerType === "touch" && event.timeStamp - penSeenAt < PALM_RESTS;
    if (isPalm || (first && !takesOver)) return;
    element.setPointerCapture(event.pointerId); // fails for a pointer that has gone: then it is not followed
    if (first) cancel();
    first = event;
    begin(event);
  }

  /** @param {PointerEvent} event @param {() => void} finish */
  function leave(event, finish) {
    if (event.pointerId !== first?.pointerId) return;
    first = null;
    finish();
  }

  for (const type of /** @type {const} */ (["pointerdown", "pointermove", "pointerup"])) {
    element.addEventListener(type, ({ pointerType, timeStamp }) => {
      if (pointerType === "pen") penSeenAt = timeStamp;
    });
  }
  element.addEventListener("pointerdown", (event) => event.button === 0 && take(event));
  element.addEventListener("pointermove", (event) => event.pointerId === first?.pointerId && move(event));
  element.addEventListener("pointerup", (event) => leave(event, end));
  element.addEventListener("lostpointercapture", (event) => leave(event, end));
  element.addEventListener("pointercancel", (event) => leave(event, cancel));
  return take;
}
