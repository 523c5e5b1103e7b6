/** The section "preparation" of the draw page. */

/** @param {HTMLElement} body */
export function mount(body) {
  return { show() {}, blank() {} };
}
