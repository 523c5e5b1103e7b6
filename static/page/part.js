/** Finds the parts of a template by their `data-part`. */

/**
 * @template {typeof Element} [K=typeof HTMLElement]
 * @param {ParentNode} container
 * @param {string} name
 * @param {K} [kind] HTMLElement when left out
 * @returns {InstanceType<K>}
 * @throws {Error} when there is no such part, or it is of another kind
 */
export function part(container, name, kind) {
  const found = container.querySelector(`[data-part="${name}"]`);
  const wanted = kind ?? HTMLElement;
  if (!(found instanceof wanted)) throw new Error(`No ${wanted.name} with data-part="${name}" in ${container}`);
  return /** @type {InstanceType<K>} */ (found);
}
