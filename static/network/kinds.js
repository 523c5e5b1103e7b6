/** What Python declares of activations and costs, as templates/shared/diagram.html has it. */

/** @type {{outputs: Record<string, string>, pieces: Record<string, [number, number] | null>}} */
const { outputs, pieces } = JSON.parse(document.getElementById("network-kinds").textContent);

/**
 * The name of the function by which a layer's neurons make activations.
 *
 * @param {{sizes: number[], activation: string, cost: string}} network
 * @param {number} layer counted from 1
 */
export function kindOf({ sizes, activation, cost }, layer) {
  return layer < sizes.length - 1 ? activation : outputs[cost];
}

/**
 * The slopes below 0 and above 0 of an activation that is made of two straight lines, null of a curved one.
 *
 * @param {string} kind
 */
export function piecesOf(kind) {
  return pieces[kind] ?? null;
}
