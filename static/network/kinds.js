/** The activations and costs as Python declares them, from templates/shared/diagram.html. */

/** @type {{outputs: Record<string, string>, pieces: Record<string, [number, number] | null>}} */
const { outputs, pieces } = JSON.parse(document.getElementById("network-kinds").textContent);

/**
 * The name of a layer's activation function.
 *
 * @param {{sizes: number[], activation: string, cost: string}} network
 * @param {number} layer counted from 1
 */
export function kindOf({ sizes, activation, cost }, layer) {
  return layer < sizes.length - 1 ? activation : outputs[cost];
}

/**
 * The slopes below and above 0 of a piecewise linear activation; null for a curved one.
 *
 * @param {string} kind
 */
export function piecesOf(kind) {
  return pieces[kind] ?? null;
}
