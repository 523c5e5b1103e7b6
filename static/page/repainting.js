/** Painting at the pace of the screen. */

const COLOURS = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/**
 * Paints once a frame at most: when it is asked to, when the element gets another size, and when the page gets other
 * colours.
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
