/** "Look up": covers the page while the teacher has frozen the room. */

/**
 * @param {HTMLDialogElement} dialog
 * @returns {(isFrozen: boolean) => void}
 */
export function mountLookUp(dialog) {
  let isFrozen = false;
  // Escape closes a dialog, the second time even if the page objects.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", show);

  function show() {
    if (isFrozen && !dialog.open) dialog.showModal();
    else if (!isFrozen) dialog.close();
  }

  return (frozen) => {
    isFrozen = frozen;
    show();
  };
}
