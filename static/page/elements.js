/** Finds elements by a selector. `part.js` finds them by their `data-part`. */

/**
 * @template {typeof Element} [K=typeof HTMLElement]
 * @param {ParentNode} container
 * @param {string} selector
 * @param {K} [kind] HTMLElement when left out
 * @returns {InstanceType<K>} the first
 * @throws {Error} when there is none, or it is of another kind
 */
export function one(container, selector, kind) {
  const wanted = kind ?? HTMLElement;
  const found = container.querySelector(selector);
  if (!(found instanceof wanted)) throw new Error(`No ${wanted.name} "${selector}" in ${container}`);
  return /** @type {InstanceType<K>} */ (found);
}

/**
 * @template {typeof Element} [K=typeof HTMLElement]
 * @param {ParentNode} container
 * @param {string} selector
 * @param {K} [kind] HTMLElement when left out
 * @returns {InstanceType<K>[]} those of that kind, in the order of the page
 */
export function all(container, selector, kind) {
  const wanted = kind ?? HTMLElement;
  const found = [...container.querySelectorAll(selector)].filter((element) => element instanceof wanted);
  return /** @type {InstanceType<K>[]} */ (found);
}
