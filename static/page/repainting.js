/** Painting at the frame rate of the screen. */

const COLOURS = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/**
 * Paints at most once a frame: on request, when the element's size changes, and when the colours of the page change.
 *
 * @param {Element} element
 * @param {() => void} paint
 * @returns {() => void} asks for it
 */
export function repainting(element, paint) {
  let frame = 0;

  function paintSoon() {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }

  new ResizeObserver(paintSoon).observe(element);
  onNewColours(paintSoon);
  return paintSoon;
}

/** @param {() => void} listener called when the page gets other colours */
export function onNewColours(listener) {
  for (const query of COLOURS) matchMedia(query).addEventListener("change", listener);
}
