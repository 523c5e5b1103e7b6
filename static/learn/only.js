/**
 * Shows the elements that belong to a value and hides the others: data-curve="twin random" is shown for either.
 *
 * @param {ParentNode} container
 * @param {string} name of the attribute, without "data-"
 * @param {string} value
 */
export function showOnly(container, name, value) {
  for (const element of container.querySelectorAll(`[data-${name}]`)) {
    element.toggleAttribute("hidden", !element.getAttribute(`data-${name}`).split(" ").includes(value));
  }
}
