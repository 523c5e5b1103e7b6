/** Helpers for canvases: sharp painting in CSS pixels, and the colours of the style sheet. */

/**
 * Prepares a canvas for painting in CSS pixels at any screen density.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {{context: CanvasRenderingContext2D, width: number, height: number, style: CSSStyleDeclaration} | null} null
 *   while it is not on the screen
 */
export function readied(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return null;
  const context = contextOf(canvas);
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  return { context, width, height, style: getComputedStyle(canvas) };
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
