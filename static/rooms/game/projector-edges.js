/** The lines between the layers on a canvas behind them, and the numbers that travel along them. */

import { custom, paintDot, readied } from "../../page/canvas.js";
import { repainting } from "../../page/repainting.js";

/**
 * What travels: from each element to each, in that many milliseconds. `strengths` are -1..1 for each element it
 * comes from.
 *
 * @typedef {{from: HTMLElement[], to: HTMLElement[], strengths: number[]}} Journey
 * @typedef {{x: number, y: number}} Place
 */

const DURATION = 1_100;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const FAINT = 0.16;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement[][]} layers what is joined by lines, layer by layer
 */
export function mountEdges(canvas, layers) {
  /** @type {Journey | null} */
  let journey = null;
  let began = 0;
  const paintSoon = repainting(canvas, paint);

  function paint() {
    const ready = readied(canvas);
    if (!ready) return;
    const { context, style } = ready;
    const origin = canvas.getBoundingClientRect();
    const places = new Map(layers.flat().map((element) => [element, middleOf(element, origin)]));
    context.strokeStyle = style.color;
    context.lineWidth = 1;
    context.globalAlpha = FAINT;
    for (let i = 1; i < layers.length; i++) line(context, layers[i - 1], layers[i], places);
    if (journey) paintJourney(context, style, journey, places);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {CSSStyleDeclaration} style
   * @param {Journey} journey
   * @param {Map<HTMLElement, Place>} places
   */
  function paintJourney(context, style, { from, to, strengths }, places) {
    const passed = STILL.matches ? 1 : Math.min(1, (performance.now() - began) / DURATION);
    context.lineWidth = 1.5;
    from.forEach((start, i) => {
      const strength = Math.abs(strengths[i] ?? 0);
      context.strokeStyle = context.fillStyle = strengths[i] < 0 ? custom(style, "--negative") : style.accentColor;
      context.globalAlpha = 0.08 + 0.42 * strength;
      line(context, [start], to, places);
      if (passed === 1) return;
      context.globalAlpha = 0.3 + 0.7 * strength;
      const a = places.get(start);
      for (const end of to) {
        const b = places.get(end);
        paintDot(context, a.x + (b.x - a.x) * passed, a.y + (b.y - a.y) * passed, 1.5 + 3 * strength);
      }
    });
    if (passed < 1) paintSoon();
  }

  return {
    /**
     * @param {Journey | null} next that begins now
     */
    travel(next) {
      journey = next;
      began = performance.now();
      paintSoon();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement[]} from
 * @param {HTMLElement[]} to
 * @param {Map<HTMLElement, Place>} places
 */
function line(context, from, to, places) {
  context.beginPath();
  for (const start of from) {
    const a = places.get(start);
    for (const end of to) {
      const b = places.get(end);
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
    }
  }
  context.stroke();
}

/**
 * @param {HTMLElement} element
 * @param {DOMRect} origin
 */
function middleOf(element, origin) {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2 - origin.left, y: box.top + box.height / 2 - origin.top };
}
