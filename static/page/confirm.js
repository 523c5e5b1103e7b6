/**
 * Asks with a <dialog> of the page. Resolves with whether its button of value "confirm" was chosen.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>}
 */
export function confirmed(dialog) {
  dialog.returnValue = ""; // Escape does not change it
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}
