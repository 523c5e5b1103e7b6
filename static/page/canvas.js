/** What every picture on a canvas needs: its size in pixels of the screen, and the colours of the style sheet. */

/**
 * Readies a canvas for painting in CSS pixels, at any density of the screen.
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
 * A filled disc in the current colour, whose edge can be stroked after.
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
