/** Helpers for canvases: sharp painting in CSS pixels, and the colours of the style sheet. */

/**
 * Prepares a canvas for painting in CSS pixels at any screen density. With `--magnify` in its style, all that is painted
 * is so many times larger, and the canvas has so many times fewer of these pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number, style: CSSStyleDeclaration} | null} null
 *   while it is not on the screen
 */
export function readied(canvas) {
  const { clientWidth, clientHeight } = canvas;
  if (clientWidth === 0) return null;
  const context = contextOf(canvas);
  const style = getComputedStyle(canvas);
  const magnify = Number(custom(style, "--magnify")) || 1;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  context.scale(magnify * devicePixelRatio, magnify * devicePixelRatio);
  return { context, width: clientWidth / magnify, height: clientHeight / magnify, style };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {string} property such as "--paper"
 */
export function custom(style, property) {
  return style.getPropertyValue(property).trim();
}

/**
 * Fills a disc in the current colour; its edge can be stroked afterwards.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function paintDot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
