/** The section "comparison" of the draw page. */

/** @param {HTMLElement} body */
export function mount(body) {
  return { show() {}, blank() {} };
}
