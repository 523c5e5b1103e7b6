/** Copies of the page's <template> elements, with texts put where their `data-part` says. */

/**
 * @param {string} id
 * @param {Record<string, string>} texts
 * @returns {{element: HTMLElement, part: (name: string) => HTMLElement}}
 */
export function copyOf(id, texts) {
  const element = document.getElementById(id).content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(`[data-part=${name}]`);
  for (const [name, text] of Object.entries(texts)) part(name).textContent = text;
  return { element, part };
}
